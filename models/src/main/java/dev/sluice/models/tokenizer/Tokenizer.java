package dev.sluice.models.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.sluice.models.tokenizer.convert.TokenizerConversion;
import dev.sluice.models.tokenizer.convert.TokenizerFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A folder's tokenizer: text to ids and back, exactly as {@code tokenizer.json} says, or what
 * {@link TokenizerConversion} makes of the files that older folders have. Thread-safe until it is
 * closed.
 *
 * <p>Nothing is padded or cut. Special tokens that are written out in the text ({@code </s>}) are
 * recognised.
 */
public final class Tokenizer implements AutoCloseable {
  private static final String FILE = "tokenizer.json";
  private static final Map<String, String> PLAIN =
      Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

  private final HuggingFaceTokenizer tokenizer;
  private final Vocabulary vocabulary;
  private final Decoding decoding;

  private Tokenizer(HuggingFaceTokenizer tokenizer, Vocabulary vocabulary, Decoding decoding) {
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
    this.decoding = decoding;
  }

  /**
   * Loads the tokenizer of a model folder, or a {@code tokenizer.json} itself.
   *
   * @throws TokenizerException if there is none, it is too large, or it is not a tokenizer
   */
  public static Tokenizer open(Path folderOrFile) {
    if (!Files.isDirectory(folderOrFile)) {
      return open(folderOrFile, TokenizerFiles.read(folderOrFile));
    }
    return find(folderOrFile)
        .orElseThrow(
            () ->
                new TokenizerException(
                    "tokenizer %s: expected %s or a vocabulary file, found none%s"
                        .formatted(folderOrFile, FILE, TokenizerConversion.remedy(folderOrFile))));
  }

  /**
   * Loads the tokenizer of a model folder; empty where it has none.
   *
   * @throws TokenizerException if it is too large, or not a tokenizer
   */
  public static Optional<Tokenizer> find(Path folder) {
    return TokenizerFiles.find(folder, FILE)
        .map(TokenizerFiles::read)
        .or(() -> TokenizerConversion.convert(folder))
        .map(json -> open(folder.resolve(FILE), json));
  }

  private static Tokenizer open(Path file, byte[] json) {
    Vocabulary vocabulary = Vocabulary.read(file, json);
    Decoding decoding =
        Decoding.of(vocabulary.model(), file.resolveSibling("tokenizer_config.json"));
    stayOffline();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(HuggingFaceTokenizer.class.getClassLoader());
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), PLAIN);
      return new Tokenizer(tokenizer, vocabulary, decoding);
    } catch (IOException | RuntimeException e) {
      throw new TokenizerException(
          "tokenizer %s: not readable as a tokenizer (%s)".formatted(file, e.getMessage()), e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Without these the library asks a telemetry host, and would download another native build. */
  private static void stayOffline() {
    setIfUnset("ai.djl.offline", "true");
    setIfUnset("OPT_OUT_TRACKING", "true");
  }

  private static void setIfUnset(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }

  /** The ids of a text, nothing added. */
  public int[] encode(String text) {
    return encode(text, false);
  }

  /** The ids of a text with what the tokenizer puts around it, such as a begin token. */
  public int[] encodeWithSpecialTokens(String text) {
    return encode(text, true);
  }

  private int[] encode(String text, boolean addSpecialTokens) {
    long[] ids = tokenizer.encode(text, addSpecialTokens, false).getIds();
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }

  /** The text of ids, without special tokens; ids beyond the vocabulary decode to nothing. */
  public String decode(int... ids) {
    return decode(ids, true);
  }

  /** The text of ids, special tokens written out. */
  public String decodeWithSpecialTokens(int... ids) {
    return decode(ids, false);
  }

  private String decode(int[] ids, boolean skipSpecialTokens) {
    if (ids.length == 0) {
      return "";
    }
    long[] known = Arrays.stream(ids).asLongStream().toArray();
    return decoding.finish(tokenizer.decode(known, skipSpecialTokens));
  }

  /** The id of a token as it is written in the vocabulary, such as {@code </s>}. */
  public OptionalInt tokenId(String token) {
    return vocabulary.id(token);
  }

  /** One more than the largest id. */
  public int vocabularySize() {
    return vocabulary.size();
  }

  /** Whether an id stands for a special token, which {@link #decode} leaves out. */
  public boolean isSpecial(int id) {
    return vocabulary.isSpecial(id);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
