package dev.sluice.models.tokenizer.convert;

import dev.sluice.models.tokenizer.TokenizerException;
import dev.sluice.models.tokenizer.convert.BytePair.Rules;
import dev.sluice.models.tokenizer.convert.TokenizerJson.Frame;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Qwen's first tokenizer, {@code qwen.tiktoken}: the ranks of all byte sequences, one a line.
 *
 * <p>{@code tokenization_qwen.py} of Yuliang-Liu/Monkey at 498e1d9 and {@code TikTokenConverter} of
 * transformers 5.18. tiktoken joins whatever two neighbours make the token of the lowest rank, so
 * that every cut of a token into two is a merge.
 */
final class TiktokenConversion implements Conversion {
  /** Longer than any token of a published file; bounds the search for merges. */
  private static final int MAX_TOKEN_BYTES = 512;

  private static final int EXTRAS = 205;

  @Override
  public Set<String> classes() {
    return Set.of("QWenTokenizer");
  }

  @Override
  public TokenizerJson convert(Path file, TokenizerSettings settings) {
    Map<String, Integer> ranks = ranks(file);
    MergeList merges = new MergeList(file);
    ranks.keySet().forEach(token -> merges.addSplits(token, ranks.keySet()));
    Map<String, AddedToken> tokens = new LinkedHashMap<>();
    specialTokens().forEach(token -> tokens.put(token, AddedToken.special(token)));
    return new TokenizerJson(
        new BytePair(ranks, merges.merges(), Rules.TIKTOKEN),
        BytePairConversion.QWEN,
        tokens,
        Frame.NONE);
  }

  private static Map<String, Integer> ranks(Path file) {
    Map<String, Integer> ranks = new LinkedHashMap<>();
    for (String line : (Iterable<String>) TokenizerFiles.readText(file).lines()::iterator) {
      int blank = line.indexOf(' ');
      boolean next =
          blank > 0
              && line.substring(blank + 1).equals(Integer.toString(ranks.size()))
              && ranks.size() < SubwordModel.MAX_TOKENS;
      if (!next || ranks.put(token(file, line.substring(0, blank)), ranks.size()) != null) {
        throw new TokenizerException(
            "tokenizer %s: expected a new base64 token, a blank and rank %d on line %d"
                .formatted(file, ranks.size(), ranks.size() + 1));
      }
    }
    return ranks;
  }

  private static String token(Path file, String base64) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      if (bytes.length > 0 && bytes.length <= MAX_TOKEN_BYTES) {
        return ByteAlphabet.write(bytes);
      }
    } catch (IllegalArgumentException e) {
      // Told below, as a wrong length is.
    }
    throw new TokenizerException(
        "tokenizer %s: expected base64 tokens of 1 to %d bytes".formatted(file, MAX_TOKEN_BYTES));
  }

  private static Stream<String> specialTokens() {
    return Stream.of(
            Stream.of("<|endoftext|>", "<|im_start|>", "<|im_end|>"),
            IntStream.range(0, EXTRAS).mapToObj(i -> "<|extra_" + i + "|>"),
            Stream.of("<ref>", "</ref>", "<box>", "</box>", "<quad>", "</quad>"),
            Stream.of("<img>", "</img>", "<imgpad>"))
        .flatMap(tokens -> tokens);
  }
}
