package dev.sluice.models.tokenizer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.tokenizer.TokenizerException;
import dev.sluice.models.tokenizer.convert.TokenizerJson.Frame;
import dev.sluice.models.tokenizer.convert.TokenizerJson.Pipeline;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** BERT's {@code vocab.txt}: {@code tokenization_bert.py} of transformers 5.18. */
final class BertConversion implements Conversion {
  private static final Map<String, String> CLASS_TOKENS =
      Map.of(
          "unk_token", "[UNK]",
          "sep_token", "[SEP]",
          "pad_token", "[PAD]",
          "cls_token", "[CLS]",
          "mask_token", "[MASK]");

  @Override
  public Set<String> classes() {
    return Set.of("BertTokenizer");
  }

  @Override
  public TokenizerJson convert(Path file, TokenizerSettings settings) {
    String unknown = settings.nameOf("unk_token", CLASS_TOKENS);
    return new TokenizerJson(
        new WordPiece(vocabulary(file), unknown),
        new Pipeline(
            normalizer(settings),
            """
            {"type":"BertPreTokenizer"}""",
            """
            {"type":"WordPiece","prefix":"##","cleanup":true}"""),
        settings.tokens(CLASS_TOKENS),
        new Frame(
            List.of(settings.nameOf("cls_token", CLASS_TOKENS)),
            List.of(settings.nameOf("sep_token", CLASS_TOKENS))));
  }

  private static Map<String, Integer> vocabulary(Path file) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    int line = 0;
    for (String token : (Iterable<String>) TokenizerFiles.readText(file).lines()::iterator) {
      if (line == SubwordModel.MAX_TOKENS) {
        throw new TokenizerException(
            "tokenizer %s: expected at most %d tokens".formatted(file, SubwordModel.MAX_TOKENS));
      }
      ids.put(token, line++);
    }
    return ids;
  }

  private static String normalizer(TokenizerSettings settings) {
    JsonNode accents = settings.setting("strip_accents");
    return """
        {"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":%b,\
        "strip_accents":%s,"lowercase":%b}"""
        .formatted(
            settings.flag("tokenize_chinese_chars", true),
            accents.isBoolean() ? accents : "null",
            settings.flag("do_lower_case", true));
  }
}
