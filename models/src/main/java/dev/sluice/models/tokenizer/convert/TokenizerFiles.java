package dev.sluice.models.tokenizer.convert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.models.tokenizer.TokenizerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reading a tokenizer's files, which a stranger wrote, within bounds. Thread-safe. */
public final class TokenizerFiles {
  /** Twice the largest published {@code tokenizer.json}. */
  private static final long MAX_FILE_BYTES = 64L << 20;

  /** Bounded in depth, numbers and texts; names are not cached, since a vocabulary is all names. */
  public static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
              .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(64)
                      .maxNumberLength(64)
                      .maxStringLength(16 << 20)
                      .build())
              .build());

  private TokenizerFiles() {}

  /** A file of the folder, if it is there. */
  public static Optional<Path> find(Path folder, String name) {
    Path file = folder.resolve(name);
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  /**
   * A file's content.
   *
   * @throws TokenizerException if it is not there, or larger than 64 MiB
   */
  public static byte[] read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new TokenizerException("tokenizer %s: expected a file, found none".formatted(file));
      }
      long bytes = Files.size(file);
      if (bytes > MAX_FILE_BYTES) {
        throw new TokenizerException(
            "tokenizer %s: expected at most %d bytes, found %d"
                .formatted(file, MAX_FILE_BYTES, bytes));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new TokenizerException("tokenizer %s: cannot be read (%s)".formatted(file, e), e);
    }
  }

  /**
   * A text file's content.
   *
   * @throws TokenizerException if it cannot be read or is not UTF-8
   */
  public static String readText(Path file) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(read(file))).toString();
    } catch (CharacterCodingException e) {
      throw new TokenizerException("tokenizer %s: expected UTF-8 text".formatted(file), e);
    }
  }

  /**
   * The JSON object in a file.
   *
   * @throws TokenizerException if it cannot be read or holds anything else
   */
  public static JsonNode readObject(Path file) {
    try {
      JsonNode node = JSON.readTree(read(file));
      if (node == null || !node.isObject()) {
        throw new TokenizerException("tokenizer %s: expected a JSON object".formatted(file));
      }
      return node;
    } catch (IOException e) {
      throw notJson(file.toString(), e);
    }
  }

  /** The JSON object in a file; an empty one where there is no such file. */
  public static JsonNode readObjectIfPresent(Path file) {
    return Files.isRegularFile(file) ? readObject(file) : JSON.createObjectNode();
  }

  /** Says that a file is not JSON, with the first line of the reason: the rest quotes the file. */
  public static TokenizerException notJson(String file, IOException e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new TokenizerException(
        "tokenizer %s: not readable as JSON: %s".formatted(file, reason), e);
  }
}
