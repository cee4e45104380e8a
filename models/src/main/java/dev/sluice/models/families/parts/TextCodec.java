package dev.sluice.models.families.parts;

import dev.sluice.models.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Words to a language model's token ids and back. Owned by the device thread.
 *
 * @param tokenizer empty for a folder without one: prompts are then given as ids
 * @param vocabulary ids that the model knows
 */
public record TextCodec(Optional<Tokenizer> tokenizer, int vocabulary) {
  private static final String ANSWER_FOLLOWS = ":";

  /** The ids of a text, nothing added. */
  public List<Integer> encode(String text) {
    return text.isEmpty() ? List.of() : boxed(requireTokenizer().encode(text));
  }

  /**
   * The ids of an answer behind a colon and a blank; byte-level tokenizers join the blank to the
   * answer's first token.
   */
  public List<Integer> encodeAnswer(String text) {
    List<Integer> before = encode(ANSWER_FOLLOWS);
    List<Integer> both = encode(ANSWER_FOLLOWS + " " + text);
    boolean splits = both.size() > before.size() && both.subList(0, before.size()).equals(before);
    return splits ? both.subList(before.size(), both.size()) : encode(text);
  }

  /** The ids of a text with what the tokenizer puts around it, such as a begin token. */
  public List<Integer> encodeWithSpecialTokens(String text) {
    return boxed(requireTokenizer().encodeWithSpecialTokens(text));
  }

  /**
   * {@link #encodeWithSpecialTokens(String)} for a model that reads so many tokens: of a longer
   * text the beginning is kept, and its last token.
   *
   * @throws IllegalArgumentException if the model does not know an id
   */
  public List<Integer> encodeWithSpecialTokens(String text, int longest) {
    List<Integer> ids = encodeWithSpecialTokens(text);
    ids.forEach(this::requireKnown);
    if (ids.size() <= longest) {
      return ids;
    }
    List<Integer> cut = new ArrayList<>(ids.subList(0, longest - 1));
    cut.add(ids.get(ids.size() - 1));
    return cut;
  }

  /** The text of ids, without special tokens; empty where there is no tokenizer. */
  public String decode(List<Integer> ids) {
    return tokenizer
        .map(known -> known.decode(ids.stream().mapToInt(Integer::intValue).toArray()))
        .orElse("");
  }

  /**
   * @return the id
   * @throws IllegalArgumentException if the model does not know it
   */
  public int requireKnown(int id) {
    if (id < 0 || id >= vocabulary) {
      throw new IllegalArgumentException(
          "prompt: expected token ids from 0 to %d, found %d".formatted(vocabulary - 1, id));
    }
    return id;
  }

  private Tokenizer requireTokenizer() {
    return tokenizer.orElseThrow(
        () ->
            new IllegalArgumentException(
                "prompt: the model folder has no tokenizer; give the prompt as token ids, or add"
                    + " the tokenizer to the folder"));
  }

  private static List<Integer> boxed(int[] ids) {
    return Arrays.stream(ids).boxed().toList();
  }
}
