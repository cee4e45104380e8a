package dev.sluice.models.families.parts;

import dev.sluice.models.value.VisualTokens;
import java.util.List;

/**
 * What a picture becomes for the language model under an instruction, where that depends on it.
 * Owned by the device thread.
 */
public interface InstructedTokens {

  /**
   * @throws IllegalArgumentException if the instruction is longer than what can be read
   */
  void requireReadable(String instruction);

  /**
   * @param pictures the tower's rows
   * @param instructions one for each picture
   * @param observer is shown the stages within
   * @return the visual tokens, one for each picture; the same numbers as one by one
   */
  List<VisualTokens> apply(
      List<VisualTokens> pictures, List<String> instructions, StageObserver observer);
}
