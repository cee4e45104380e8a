package dev.sluice.models.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.models.tensor.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The reading of one safetensors header: token by token, so that a large one costs no more than the
 * tensors it lists. Used once, by the thread that loads the model.
 */
final class SafetensorsHeader {
  /** What stands before the header: its length. */
  static final int PREFIX_BYTES = 8;

  private static final long MAX_HEADER_BYTES = 100L * 1000 * 1000;
  private static final int MAX_TENSORS = 1 << 19;
  private static final int MAX_NOTES = 1 << 12;
  private static final int MAX_AXES = 16;
  private static final String METADATA = "__metadata__";

  private final MappedFile file;
  private final long dataStart;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private SafetensorsHeader(MappedFile file, long headerBytes) {
    this.file = file;
    this.dataStart = PREFIX_BYTES + headerBytes;
  }

  /**
   * @throws WeightsException if the header is not one, or contradicts the file
   */
  static SafetensorsHeader read(MappedFile file) {
    if (file.size() < PREFIX_BYTES) {
      throw new WeightsException(
          "%s: expected a safetensors file, found %d bytes".formatted(file.name(), file.size()));
    }
    byte[] prefix = file.read(0, PREFIX_BYTES);
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long most = Math.min(MAX_HEADER_BYTES, file.size() - PREFIX_BYTES);
    if (length < 0 || length > most) {
      throw new WeightsException(
          "%s: expected a header of at most %d bytes, found a length of %s"
              .formatted(file.name(), most, Long.toUnsignedString(length)));
    }
    SafetensorsHeader header = new SafetensorsHeader(file, length);
    byte[] json = file.read(PREFIX_BYTES, (int) length);
    try (JsonParser parser = Json.MAPPER.createParser(json)) {
      header.readEntries(parser);
    } catch (IOException e) {
      throw new WeightsException(
          file.name() + ": header is not readable as JSON: " + Json.firstLine(e), e);
    }
    header.requireDisjoint();
    return header;
  }

  Map<String, StoredTensor> tensors() {
    return tensors;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  private void readEntries(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new WeightsException(file.name() + ": header: expected a JSON object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new WeightsException(
            "%s: header: expected an object for '%s'".formatted(file.name(), name));
      }
      if (name.equals(METADATA)) {
        readMetadata(parser);
      } else {
        tensors.put(name, readTensor(name, parser));
      }
      if (tensors.size() > MAX_TENSORS) {
        throw new WeightsException(
            "%s: header: expected at most %d tensors".formatted(file.name(), MAX_TENSORS));
      }
    }
  }

  private void readMetadata(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      if (metadata.size() < MAX_NOTES && parser.currentToken().isScalarValue()) {
        metadata.put(key, parser.getText());
      }
      parser.skipChildren();
    }
  }

  private StoredTensor readTensor(String name, JsonParser parser) throws IOException {
    String dtype = null;
    long[] shape = null;
    long[] range = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      switch (key) {
        case "dtype" -> dtype = parser.getText();
        case "shape" -> shape = numbers(name, key, parser);
        case "data_offsets" -> range = numbers(name, key, parser);
        default -> parser.skipChildren();
      }
    }
    if (dtype == null || shape == null || range == null) {
      throw new WeightsException(
          "tensor '%s' in %s: expected dtype, shape and data_offsets".formatted(name, file.name()));
    }
    return tensor(name, dtype(name, dtype), shape, range);
  }

  private StoredTensor tensor(String name, StoredDtype dtype, long[] shape, long[] range) {
    long room = file.size() - dataStart;
    if (range.length != 2 || range[0] > range[1] || range[1] > room) {
      throw new WeightsException(
          "tensor '%s' in %s: expected data_offsets within 0 and %d, found %s; is the download complete?"
              .formatted(name, file.name(), room, Arrays.toString(range)));
    }
    try {
      long bytes = Math.multiplyExact(Tensors.count(shape), dtype.bytes());
      if (bytes == range[1] - range[0]) {
        return StoredTensor.rowMajor(name, dtype, shape, dataStart + range[0]);
      }
      throw new WeightsException(
          "tensor '%s' in %s: expected %d bytes for %s %s, found %d"
              .formatted(
                  name, file.name(), bytes, dtype, Arrays.toString(shape), range[1] - range[0]));
    } catch (ArithmeticException e) {
      throw new WeightsException(
          "tensor '%s' in %s: its shape exceeds 2^63 bytes".formatted(name, file.name()), e);
    }
  }

  private StoredDtype dtype(String name, String found) {
    for (StoredDtype dtype : StoredDtype.values()) {
      if (dtype.name().equals(found)) {
        return dtype;
      }
    }
    throw new WeightsException(
        "tensor '%s' in %s: expected dtype %s, found %s"
            .formatted(name, file.name(), List.of(StoredDtype.values()), found));
  }

  private long[] numbers(String name, String key, JsonParser parser) throws IOException {
    long[] values = new long[MAX_AXES];
    int count = 0;
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw wrongNumbers(name, key, null);
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      boolean whole =
          parser.currentToken() == JsonToken.VALUE_NUMBER_INT
              && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
      if (!whole || parser.getLongValue() < 0 || count == MAX_AXES) {
        throw wrongNumbers(name, key, parser.getText());
      }
      values[count++] = parser.getLongValue();
    }
    return Arrays.copyOf(values, count);
  }

  private WeightsException wrongNumbers(String name, String key, @Nullable String found) {
    return new WeightsException(
        "tensor '%s' in %s: expected %s of at most %d whole numbers of 0 or more, found %s"
            .formatted(name, file.name(), key, MAX_AXES, found == null ? "no array" : found));
  }

  private void requireDisjoint() {
    List<StoredTensor> ordered = new ArrayList<>(tensors.values());
    ordered.removeIf(tensor -> tensor.elements() == 0);
    ordered.sort(Comparator.comparingLong(StoredTensor::offset));
    for (int i = 1; i < ordered.size(); i++) {
      StoredTensor before = ordered.get(i - 1);
      StoredTensor after = ordered.get(i);
      if (before.offset() + before.spanBytes() > after.offset()) {
        throw new WeightsException(
            "%s: tensors '%s' and '%s' overlap"
                .formatted(file.name(), before.name(), after.name()));
      }
    }
  }
}
