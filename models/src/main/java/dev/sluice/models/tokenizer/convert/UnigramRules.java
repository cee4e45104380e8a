package dev.sluice.models.tokenizer.convert;

import dev.sluice.models.tokenizer.TokenizerException;
import dev.sluice.models.tokenizer.convert.SentencePieceModel.Normalization;
import dev.sluice.models.tokenizer.convert.TokenizerJson.Frame;
import dev.sluice.models.tokenizer.convert.TokenizerJson.Pipeline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Unigram models of SentencePiece: SigLIP's, T5's, and those of no class.
 *
 * <p>{@code SpmConverter} and {@code T5Converter} of {@code convert_slow_tokenizer.py} and {@code
 * tokenization_siglip.py} in transformers 5.18.
 */
final class UnigramRules {
  static final String SIGLIP = "SiglipTokenizer";
  static final String T5 = "T5Tokenizer";

  private static final Map<String, String> SIGLIP_TOKENS =
      Map.of("unk_token", "<unk>", "eos_token", "</s>", "pad_token", "</s>");
  private static final Map<String, String> T5_TOKENS =
      Map.of("unk_token", "<unk>", "eos_token", "</s>", "pad_token", "<pad>");
  private static final int T5_SENTINELS = 100;
  private static final int MAX_SENTINELS = 1 << 16;

  private static final String LOWERCASE =
      """
      {"type":"Lowercase"}""";

  /** Python's {@code string.punctuation} removed, blanks joined, none at the ends. */
  private static final String SIGLIP_CANONICAL =
      """
      {"type":"Replace","pattern":{"Regex":\
      "[!\\"#$%&'()*+,\\\\-./:;<=>?@\\\\[\\\\\\\\\\\\]^_`{|}~]"},"content":""},\
      {"type":"Replace","pattern":{"Regex":"\\\\s+"},"content":" "},\
      {"type":"Strip","strip_left":true,"strip_right":true}""";

  private static final String REMOVE_EXTRA_BLANKS =
      """
      {"type":"Strip","strip_left":true,"strip_right":true},\
      {"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}""";

  private UnigramRules() {}

  static TokenizerJson apply(Path file, SentencePieceModel model, TokenizerSettings settings) {
    if (settings.className().equals(LlamaRules.CLASS) || !model.normalization().escapeBlanks()) {
      throw new TokenizerException(
          "tokenizer %s: expected a unigram model with ▁ for blanks as SigLIP and T5 have, found"
                  .formatted(file)
              + " another");
    }
    if (settings.className().equals(SIGLIP) || settings.modelType().startsWith("siglip")) {
      return siglip(model, settings);
    }
    return settings.className().equals(T5) ? t5(model, settings) : plain(model, settings);
  }

  /** Control pieces are no special tokens here: their brackets are punctuation. */
  private static TokenizerJson siglip(SentencePieceModel model, TokenizerSettings settings) {
    List<String> normalizers = new ArrayList<>();
    if (settings.flag("do_lower_case", true)) {
      normalizers.add(LOWERCASE);
    }
    normalizers.add(SIGLIP_CANONICAL);
    normalizers.addAll(normalizers(model.normalization()));
    Map<String, AddedToken> tokens = settings.tokens(SIGLIP_TOKENS);
    tokens.replaceAll((text, token) -> token.stripping());
    return new TokenizerJson(
        unigram(model),
        pipeline(model, normalizers),
        tokens,
        new Frame(List.of(), List.of(settings.nameOf("eos_token", SIGLIP_TOKENS))));
  }

  private static TokenizerJson t5(SentencePieceModel model, TokenizerSettings settings) {
    Map<String, AddedToken> tokens = sentinels(settings);
    settings.tokens(T5_TOKENS).forEach(tokens::putIfAbsent);
    return new TokenizerJson(
        unigram(model),
        pipeline(model, normalizers(model.normalization())),
        model.withAddedPieces(tokens),
        new Frame(List.of(), List.of(settings.nameOf("eos_token", T5_TOKENS))));
  }

  private static TokenizerJson plain(SentencePieceModel model, TokenizerSettings settings) {
    return new TokenizerJson(
        unigram(model),
        pipeline(model, normalizers(model.normalization())),
        model.withAddedPieces(settings.tokens(Map.of())),
        Frame.NONE);
  }

  /** T5's sentinels stand behind the pieces, the last one first. */
  private static Map<String, AddedToken> sentinels(TokenizerSettings settings) {
    Map<String, AddedToken> tokens = new LinkedHashMap<>();
    int count = Math.min(settings.setting("extra_ids").asInt(T5_SENTINELS), MAX_SENTINELS);
    for (int i = count - 1; i >= 0; i--) {
      String sentinel = "<extra_id_" + i + ">";
      tokens.put(sentinel, AddedToken.special(sentinel));
    }
    return tokens;
  }

  private static Unigram unigram(SentencePieceModel model) {
    return new Unigram(model.ids(), model.pieces(), model.unknownId(), model.byteFallback());
  }

  private static Pipeline pipeline(SentencePieceModel model, List<String> normalizers) {
    String blanks =
        SentencePieceConversion.metaspace(
            model.normalization().dummyPrefix() ? "always" : "never", true);
    return new Pipeline(
        """
        {"type":"Sequence","normalizers":[%s]}"""
            .formatted(String.join(",", normalizers)),
        blanks,
        blanks);
  }

  private static List<String> normalizers(Normalization normalization) {
    List<String> normalizers = new ArrayList<>();
    if (!normalization.characterMap().isEmpty()) {
      normalizers.add(
          """
          {"type":"Precompiled","precompiled_charsmap":"%s"}"""
              .formatted(normalization.characterMap()));
    }
    if (normalization.removeExtraBlanks()) {
      normalizers.add(REMOVE_EXTRA_BLANKS);
    }
    return normalizers;
  }
}
