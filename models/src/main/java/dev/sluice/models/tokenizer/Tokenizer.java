package dev.sluice.models.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A folder's tokenizer: text to ids and back, exactly as {@code tokenizer.json} says. Thread-safe
 * until it is closed.
 *
 * <p>Special tokens are never added and nothing is padded or cut: whoever builds a prompt says what
 * stands in it. Special tokens that are written out in the text ({@code </s>}) are recognised.
 */
public final class Tokenizer implements AutoCloseable {
  private static final String FILE = "tokenizer.json";
  private static final long MAX_FILE_BYTES = 64L << 20;

  private final HuggingFaceTokenizer tokenizer;
  private final Vocabulary vocabulary;

  private Tokenizer(HuggingFaceTokenizer tokenizer, Vocabulary vocabulary) {
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
  }

  /**
   * Loads the {@code tokenizer.json} of a model folder, or that file itself.
   *
   * @throws TokenizerException if there is none, it is too large, or it is not a tokenizer
   */
  public static Tokenizer open(Path folderOrFile) {
    Path file = Files.isDirectory(folderOrFile) ? folderOrFile.resolve(FILE) : folderOrFile;
    requireReadable(file);
    Vocabulary vocabulary = Vocabulary.read(file);
    stayOffline();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(HuggingFaceTokenizer.class.getClassLoader());
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.builder()
              .optTokenizerPath(file)
              .optAddSpecialTokens(false)
              .optTruncation(false)
              .optPadding(false)
              .build();
      return new Tokenizer(tokenizer, vocabulary);
    } catch (IOException | RuntimeException e) {
      throw new TokenizerException(
          "tokenizer %s: not readable as a tokenizer (%s)".formatted(file, e.getMessage()), e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static void requireReadable(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new TokenizerException(
            "tokenizer %s: expected a file, found none; a folder with tokenizer.model or vocab.txt"
                    .formatted(file)
                + " alone is converted once in Python: AutoTokenizer.from_pretrained(folder,"
                + " use_fast=True).save_pretrained(folder)");
      }
      long bytes = Files.size(file);
      if (bytes > MAX_FILE_BYTES) {
        throw new TokenizerException(
            "tokenizer %s: expected at most %d bytes, found %d"
                .formatted(file, MAX_FILE_BYTES, bytes));
      }
    } catch (IOException e) {
      throw new TokenizerException("tokenizer %s: cannot be read (%s)".formatted(file, e), e);
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
    long[] ids = tokenizer.encode(text, false, false).getIds();
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
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), skipSpecialTokens);
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
