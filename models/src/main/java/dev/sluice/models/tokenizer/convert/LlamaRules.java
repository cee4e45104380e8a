package dev.sluice.models.tokenizer.convert;

import dev.sluice.models.tokenizer.TokenizerException;
import dev.sluice.models.tokenizer.convert.BytePair.Rules;
import dev.sluice.models.tokenizer.convert.SentencePieceModel.Kind;
import dev.sluice.models.tokenizer.convert.SentencePieceModel.Normalization;
import dev.sluice.models.tokenizer.convert.SentencePieceModel.Piece;
import dev.sluice.models.tokenizer.convert.TokenizerJson.Pipeline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Byte-pair models of SentencePiece as Llama, Vicuna and Mistral use them.
 *
 * <p>{@code LlamaConverter} and {@code SentencePieceExtractor} of {@code convert_slow_tokenizer.py}
 * in transformers 5.18. Where nothing says {@code legacy}, a blank stands before each stretch of
 * text, as SentencePiece has it and as folders without that key were trained.
 */
final class LlamaRules {
  static final String CLASS = "LlamaTokenizer";

  private static final Map<String, String> CLASS_TOKENS =
      Map.of("unk_token", "<unk>", "bos_token", "<s>", "eos_token", "</s>");

  private LlamaRules() {}

  static TokenizerJson apply(Path file, SentencePieceModel model, TokenizerSettings settings) {
    requireLlama(file, model.normalization(), settings.className());
    Rules rules =
        Rules.sentencePiece(model.pieces().get(model.unknownId()).text(), model.byteFallback());
    return new TokenizerJson(
        new BytePair(model.ids(), merges(file, model), rules),
        pipeline(settings, settings.flag("add_prefix_space", model.normalization().dummyPrefix())),
        model.withAddedPieces(settings.tokens(CLASS_TOKENS)),
        settings.frame(CLASS_TOKENS, true));
  }

  private static void requireLlama(Path file, Normalization normalization, String className) {
    boolean asItIs =
        normalization.characterMap().isEmpty()
            && !normalization.removeExtraBlanks()
            && normalization.escapeBlanks();
    if (!asItIs) {
      throw new TokenizerException(
          "tokenizer %s: expected a byte-pair model that leaves text as it is, found one that"
                  .formatted(file)
              + " normalises");
    }
    if (!className.isEmpty() && !className.equals(CLASS)) {
      throw new TokenizerException(
          "tokenizer %s: expected class %s for a byte-pair model, found %s"
              .formatted(file, CLASS, className));
    }
  }

  /** Every cut of a piece into two, the pieces by falling score. */
  private static List<Merge> merges(Path file, SentencePieceModel model) {
    List<Piece> ranked = new ArrayList<>(model.pieces());
    ranked.removeIf(piece -> piece.kind() != Kind.NORMAL);
    ranked.sort(Comparator.comparing(Piece::score).reversed());
    Set<String> known = new HashSet<>();
    ranked.forEach(piece -> known.add(piece.text()));
    MergeList merges = new MergeList(file);
    ranked.forEach(piece -> merges.addSplits(piece.text(), known));
    return merges.merges();
  }

  private static Pipeline pipeline(TokenizerSettings settings, boolean prefix) {
    return settings.flag("legacy", true)
        ? new Pipeline(normalizer(prefix), "null", decoder(prefix))
        : new Pipeline(
            "null",
            SentencePieceConversion.metaspace(prefix ? "first" : "never", false),
            decoder(prefix));
  }

  private static String normalizer(boolean prefix) {
    String prepend =
        """
        {"type":"Prepend","prepend":"▁"},""";
    return """
        {"type":"Sequence","normalizers":[%s\
        {"type":"Replace","pattern":{"String":" "},"content":"▁"}]}"""
        .formatted(prefix ? prepend : "");
  }

  private static String decoder(boolean prefix) {
    String strip =
        """
        ,{"type":"Strip","content":" ","start":1,"stop":0}""";
    return """
        {"type":"Sequence","decoders":[\
        {"type":"Replace","pattern":{"String":"▁"},"content":" "},\
        {"type":"ByteFallback"},{"type":"Fuse"}%s]}"""
        .formatted(prefix ? strip : "");
  }
}
