package dev.sluice.models.tokenizer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.tokenizer.TokenizerException;
import dev.sluice.models.tokenizer.convert.BytePair.Rules;
import dev.sluice.models.tokenizer.convert.TokenizerJson.Frame;
import dev.sluice.models.tokenizer.convert.TokenizerJson.Pipeline;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code vocab.json} with {@code merges.txt}: {@code tokenization_clip.py}, {@code
 * tokenization_gpt2.py} (OPT too) and {@code tokenization_qwen2.py} of transformers 5.18.
 */
final class BytePairConversion implements Conversion {
  private static final String MERGES = "merges.txt";
  private static final String END_OF_TEXT = "<|endoftext|>";

  static final String BYTE_DECODER =
      """
      {"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""";

  private static final Pipeline CLIP =
      new Pipeline(
          """
          {"type":"Sequence","normalizers":[{"type":"NFC"},\
          {"type":"Replace","pattern":{"Regex":"\\\\s+"},"content":" "},{"type":"Lowercase"}]}""",
          """
          {"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":\
          "<\\\\|startoftext\\\\|>|<\\\\|endoftext\\\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\\\p{L}]+|[\\\\p{N}]|[^\\\\s\\\\p{L}\\\\p{N}]+"},\
          "behavior":"Removed","invert":true},\
          {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}]}""",
          BYTE_DECODER);

  /** Words, single digits, punctuation and blanks, as Qwen cuts them. */
  static final Pipeline QWEN =
      new Pipeline(
          """
          {"type":"NFC"}""",
          """
          {"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":\
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+"},\
          "behavior":"Isolated","invert":false},\
          {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}""",
          BYTE_DECODER);

  @Override
  public Set<String> classes() {
    return Set.of("CLIPTokenizer", "GPT2Tokenizer", "Qwen2Tokenizer");
  }

  @Override
  public TokenizerJson convert(Path file, TokenizerSettings settings) {
    Map<String, Integer> ids = vocabulary(file);
    Path mergesFile =
        TokenizerFiles.find(settings.folder(), MERGES)
            .orElseThrow(
                () ->
                    new TokenizerException(
                        "tokenizer %s: expected %s beside it, found none".formatted(file, MERGES)));
    List<Merge> merges = MergeList.read(mergesFile);
    return switch (className(settings, ids)) {
      case "CLIPTokenizer" -> clip(ids, merges, settings);
      case "Qwen2Tokenizer" -> qwen2(ids, merges, settings);
      default -> gpt2(ids, merges, settings);
    };
  }

  /** What the folder says, or what the vocabulary and the model type show. */
  private static String className(TokenizerSettings settings, Map<String, Integer> ids) {
    if (!settings.className().isEmpty()) {
      return settings.className();
    }
    if (ids.keySet().stream().anyMatch(token -> token.endsWith("</w>"))) {
      return "CLIPTokenizer";
    }
    return settings.modelType().startsWith("qwen") ? "Qwen2Tokenizer" : "GPT2Tokenizer";
  }

  private static Map<String, Integer> vocabulary(Path file) {
    JsonNode vocabulary = TokenizerFiles.readObject(file);
    if (vocabulary.size() > SubwordModel.MAX_TOKENS) {
      throw new TokenizerException(
          "tokenizer %s: expected at most %d tokens, found %d"
              .formatted(file, SubwordModel.MAX_TOKENS, vocabulary.size()));
    }
    Map<String, Integer> ids = new LinkedHashMap<>();
    vocabulary
        .properties()
        .forEach(
            token -> {
              if (!token.getValue().canConvertToInt() || token.getValue().intValue() < 0) {
                throw new TokenizerException(
                    "tokenizer %s: expected token ids of 0 or more, found %.40s"
                        .formatted(file, token.getValue()));
              }
              ids.put(token.getKey(), token.getValue().intValue());
            });
    return ids;
  }

  private static TokenizerJson clip(
      Map<String, Integer> ids, List<Merge> merges, TokenizerSettings settings) {
    Map<String, String> tokens =
        Map.of(
            "unk_token", END_OF_TEXT,
            "bos_token", "<|startoftext|>",
            "eos_token", END_OF_TEXT,
            "pad_token", END_OF_TEXT);
    return new TokenizerJson(
        new BytePair(ids, merges, Rules.clip(settings.nameOf("unk_token", tokens))),
        CLIP,
        settings.tokens(tokens),
        new Frame(
            List.of(settings.nameOf("bos_token", tokens)),
            List.of(settings.nameOf("eos_token", tokens))));
  }

  private static TokenizerJson gpt2(
      Map<String, Integer> ids, List<Merge> merges, TokenizerSettings settings) {
    Map<String, String> tokens =
        Map.of("unk_token", END_OF_TEXT, "bos_token", END_OF_TEXT, "eos_token", END_OF_TEXT);
    String words =
        """
        {"type":"ByteLevel","add_prefix_space":%b,"trim_offsets":true,"use_regex":true}"""
            .formatted(settings.flag("add_prefix_space", false));
    return new TokenizerJson(
        new BytePair(ids, merges, Rules.BYTES),
        new Pipeline("null", words, BYTE_DECODER),
        settings.tokens(tokens),
        settings.frame(tokens, false));
  }

  private static TokenizerJson qwen2(
      Map<String, Integer> ids, List<Merge> merges, TokenizerSettings settings) {
    Map<String, String> tokens =
        Map.of("unk_token", END_OF_TEXT, "eos_token", END_OF_TEXT, "pad_token", END_OF_TEXT);
    return new TokenizerJson(
        new BytePair(ids, merges, Rules.BYTES),
        QWEN,
        settings.tokens(tokens),
        settings.frame(tokens, false));
  }
}
