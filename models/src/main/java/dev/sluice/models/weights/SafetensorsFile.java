package dev.sluice.models.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.tensor.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;

/**
 * A safetensors file, memory-mapped: eight bytes with the header's length, a JSON header, the
 * tensors' bytes. Belongs to the thread that loads the model.
 *
 * <p>Everything the header says is checked when the file is opened: its length against the file's,
 * each tensor's shape against its bytes, each range against the file and against its neighbours.
 */
public final class SafetensorsFile implements WeightFile {
  private static final int PREFIX_BYTES = 8;
  private static final long MAX_HEADER_BYTES = 100L * 1000 * 1000;
  private static final int MAX_AXES = 16;
  private static final String METADATA = "__metadata__";

  private final MappedFile file;
  private final Map<String, StoredTensor> tensors;
  private final Map<String, String> metadata;

  private SafetensorsFile(
      MappedFile file, Map<String, StoredTensor> tensors, Map<String, String> metadata) {
    this.file = file;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.metadata = Collections.unmodifiableMap(metadata);
  }

  /**
   * Opens and validates a file.
   *
   * @throws WeightsException if it is not a whole, consistent safetensors file
   */
  public static SafetensorsFile open(Path path) {
    MappedFile file = MappedFile.open(path);
    try {
      return new Header(file).parse();
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  /** The writer's notes, such as {@code format: pt}. */
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public BytePointer address(StoredTensor tensor) {
    return file.address(tensor.offset(), tensor.spanBytes());
  }

  @Override
  public void close() {
    file.close();
  }

  /** The reading of one header; used once. */
  private static final class Header {
    private final MappedFile file;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private long dataStart;

    Header(MappedFile file) {
      this.file = file;
    }

    SafetensorsFile parse() {
      if (file.size() < PREFIX_BYTES) {
        throw new WeightsException(
            "%s: expected a safetensors file, found %d bytes".formatted(file.name(), file.size()));
      }
      long length =
          ByteBuffer.wrap(file.read(0, PREFIX_BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
      long most = Math.min(MAX_HEADER_BYTES, file.size() - PREFIX_BYTES);
      if (length < 0 || length > most) {
        throw new WeightsException(
            "%s: expected a header of at most %d bytes, found a length of %s"
                .formatted(file.name(), most, Long.toUnsignedString(length)));
      }
      dataStart = PREFIX_BYTES + length;
      byte[] header = file.read(PREFIX_BYTES, (int) length);
      try (JsonParser parser = Json.MAPPER.createParser(header)) {
        readEntries(parser);
      } catch (IOException e) {
        throw new WeightsException(
            file.name() + ": header is not readable as JSON: " + Json.firstLine(e), e);
      }
      requireDisjoint();
      return new SafetensorsFile(file, tensors, metadata);
    }

    private void readEntries(JsonParser parser) throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new WeightsException(file.name() + ": header: expected a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        JsonNode entry = Json.MAPPER.readTree(parser);
        if (name.equals(METADATA)) {
          entry.properties().forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
        } else {
          tensors.put(name, tensor(name, entry));
        }
      }
    }

    private StoredTensor tensor(String name, JsonNode entry) {
      StoredDtype dtype = dtype(name, entry.path("dtype"));
      long[] shape = longs(name, "shape", entry.path("shape"), MAX_AXES);
      long[] range = longs(name, "data_offsets", entry.path("data_offsets"), 2);
      long room = file.size() - dataStart;
      if (range.length != 2 || range[0] > range[1] || range[1] > room) {
        throw new WeightsException(
            "tensor '%s' in %s: expected data_offsets within 0 and %d, found %s; is the download complete?"
                .formatted(name, file.name(), room, entry.path("data_offsets")));
      }
      long bytes;
      StoredTensor tensor;
      try {
        bytes = Math.multiplyExact(Tensors.count(shape), dtype.bytes());
        tensor = StoredTensor.rowMajor(name, dtype, shape, dataStart + range[0]);
      } catch (ArithmeticException e) {
        throw new WeightsException(
            "tensor '%s' in %s: its shape exceeds 2^63 bytes".formatted(name, file.name()), e);
      }
      if (bytes != range[1] - range[0]) {
        throw new WeightsException(
            "tensor '%s' in %s: expected %d bytes for %s %s, found %d"
                .formatted(
                    name, file.name(), bytes, dtype, entry.path("shape"), range[1] - range[0]));
      }
      return tensor;
    }

    private StoredDtype dtype(String name, JsonNode node) {
      for (StoredDtype dtype : StoredDtype.values()) {
        if (dtype.name().equals(node.textValue())) {
          return dtype;
        }
      }
      throw new WeightsException(
          "tensor '%s' in %s: expected dtype %s, found %s"
              .formatted(name, file.name(), List.of(StoredDtype.values()), node));
    }

    private long[] longs(String name, String key, JsonNode node, int most) {
      if (!node.isArray() || node.size() > most) {
        throw new WeightsException(
            "tensor '%s' in %s: expected %s with at most %d numbers"
                .formatted(name, file.name(), key, most));
      }
      long[] values = new long[node.size()];
      for (int i = 0; i < values.length; i++) {
        JsonNode value = node.get(i);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
          throw new WeightsException(
              "tensor '%s' in %s: expected whole numbers of 0 or more in %s, found %s"
                  .formatted(name, file.name(), key, value));
        }
        values[i] = value.longValue();
      }
      return values;
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
}
