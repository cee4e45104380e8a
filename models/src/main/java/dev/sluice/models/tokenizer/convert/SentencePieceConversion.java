package dev.sluice.models.tokenizer.convert;

import dev.sluice.models.tokenizer.TokenizerException;
import java.nio.file.Path;
import java.util.Set;

/** {@code tokenizer.model} and {@code spiece.model}: byte-pair and unigram models. */
final class SentencePieceConversion implements Conversion {
  @Override
  public Set<String> classes() {
    return Set.of(LlamaRules.CLASS, UnigramRules.SIGLIP, UnigramRules.T5);
  }

  @Override
  public TokenizerJson convert(Path file, TokenizerSettings settings) {
    SentencePieceModel model = SentencePieceModel.read(file);
    return switch (model.algorithm()) {
      case BYTE_PAIR -> LlamaRules.apply(file, model, settings);
      case UNIGRAM -> UnigramRules.apply(file, model, settings);
      default ->
          throw new TokenizerException(
              "tokenizer %s: expected a unigram or byte-pair model, found %s"
                  .formatted(file, model.algorithm()));
    };
  }

  static String metaspace(String prepend, boolean split) {
    return """
        {"type":"Metaspace","replacement":"▁","prepend_scheme":"%s","split":%b}"""
        .formatted(prepend, split);
  }
}
