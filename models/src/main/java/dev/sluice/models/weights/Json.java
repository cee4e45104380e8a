package dev.sluice.models.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reading JSON that a stranger wrote: bounded size, depth, numbers and names. Thread-safe. */
final class Json {
  /** Nesting that no configuration file needs. */
  static final int MAX_DEPTH = 64;

  private static final int MAX_NUMBER_DIGITS = 64;
  private static final int MAX_NAME_CHARACTERS = 4096;
  private static final int MAX_TEXT_CHARACTERS = 8 << 20;

  static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(MAX_DEPTH)
                      .maxNumberLength(MAX_NUMBER_DIGITS)
                      .maxNameLength(MAX_NAME_CHARACTERS)
                      .maxStringLength(MAX_TEXT_CHARACTERS)
                      .build())
              .build());

  private Json() {}

  /**
   * Reads a file that holds one JSON object.
   *
   * @throws WeightsException if it is missing, larger than {@code maxBytes}, or not an object
   */
  static JsonNode readObject(Path file, long maxBytes) {
    String name = String.valueOf(file.getFileName());
    try {
      long size = Files.size(file);
      if (size > maxBytes) {
        throw new WeightsException(
            "%s: expected at most %d bytes, found %d".formatted(name, maxBytes, size));
      }
      return readObject(name, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new WeightsException(name + ": not readable as JSON: " + firstLine(e), e);
    }
  }

  /**
   * Reads bytes that hold one JSON object.
   *
   * @throws WeightsException if they hold something else
   */
  static JsonNode readObject(String name, byte[] json) throws IOException {
    JsonNode node = MAPPER.readTree(json);
    if (node == null || !node.isObject()) {
      throw new WeightsException(name + ": expected a JSON object");
    }
    return node;
  }

  /** The first line of a message: the rest quotes the document. */
  static String firstLine(Exception e) {
    String message = String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse(message);
  }
}
