package dev.sluice.serde.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One Jackson configuration with limits for everything that is read and written. Thread-safe. */
final class JsonFormat {
  /** Longest document, in bytes: a large picture in base64. */
  static final int MAX_DOCUMENT_BYTES = 256 << 20;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_DIGITS = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  // An error must not show what it could not read.
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_DIGITS)
                          .maxDocumentLength(MAX_DOCUMENT_BYTES)
                          .maxStringLength(MAX_DOCUMENT_BYTES)
                          .maxNameLength(1024)
                          .build())
                  .build())
          .build();

  private JsonFormat() {}

  static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  static byte[] write(JsonNode node) {
    try {
      // Not as bytes at once: Jackson fails on half a surrogate pair, which a stranger's text, or
      // the end of one that was shortened, may hold. This way it becomes a question mark.
      return MAPPER.writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("JSON: a tree in memory could not be written", e);
    }
  }

  static JsonFields read(byte[] json) throws RecordFormatException {
    if (json.length > MAX_DOCUMENT_BYTES) {
      throw new RecordFormatException(
          "JSON: expected at most %d bytes, found %d".formatted(MAX_DOCUMENT_BYTES, json.length));
    }
    JsonNode node;
    try {
      node = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      // Jackson's own message quotes the input.
      throw new RecordFormatException(
          "JSON: not readable at byte %d of %d"
              .formatted(
                  e.getLocation() == null ? -1 : e.getLocation().getByteOffset(), json.length));
    } catch (IOException e) {
      throw new RecordFormatException("JSON: not readable (%d bytes)".formatted(json.length));
    }
    if (node == null || !node.isObject()) {
      throw new RecordFormatException(
          "JSON: expected an object, found %s"
              .formatted(node == null ? "nothing" : JsonFields.kindOf(node)));
    }
    return new JsonFields(node, "");
  }
}
