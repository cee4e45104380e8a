package dev.sluice.models.tokenizer;

import dev.sluice.models.tokenizer.Vocabulary.Model;
import dev.sluice.models.tokenizer.convert.TokenizerFiles;
import java.nio.file.Path;

/**
 * What transformers does to a decoded text beyond {@code tokenizer.json}: {@code
 * tokenization_clip.py} and {@code tokenization_utils_tokenizers.py} of 5.18. Immutable.
 *
 * @param wordEnd becomes a blank, none at the ends of the text; empty for none
 * @param cleanUp takes the blanks before punctuation and English contractions out
 */
record Decoding(String wordEnd, boolean cleanUp) {

  /**
   * @param config {@code tokenizer_config.json}, which need not be there
   */
  static Decoding of(Model model, Path config) {
    boolean wanted =
        TokenizerFiles.readObjectIfPresent(config).path("clean_up_tokenization_spaces").asBoolean();
    return new Decoding(model.wordEnd(), wanted && !model.type().equals("BPE"));
  }

  String finish(String text) {
    String words = wordEnd.isEmpty() ? text : text.replace(wordEnd, " ").strip();
    return cleanUp ? cleanUp(words) : words;
  }

  private static String cleanUp(String text) {
    return text.replace(" .", ".")
        .replace(" ?", "?")
        .replace(" !", "!")
        .replace(" ,", ",")
        .replace(" ' ", "'")
        .replace(" n't", "n't")
        .replace(" 'm", "'m")
        .replace(" 's", "'s")
        .replace(" 've", "'ve")
        .replace(" 're", "'re");
  }
}
