package dev.sluice.models.tokenizer.convert;

import java.nio.file.Path;
import java.util.Set;

/** One kind of vocabulary file put into the words of {@code tokenizer.json}. Immutable. */
interface Conversion {
  /** The tokenizer classes of transformers whose rules it follows. */
  Set<String> classes();

  /**
   * @param file the vocabulary
   * @param settings what the folder says beside it
   */
  TokenizerJson convert(Path file, TokenizerSettings settings);
}
