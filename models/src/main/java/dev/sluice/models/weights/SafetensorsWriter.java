package dev.sluice.models.weights;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.tensor.Tensors;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Collects tensors and writes them as one safetensors file, copying each when it is added. Belongs
 * to one thread.
 *
 * <p>Wider element types come first, so that every tensor starts at a multiple of its element.
 */
public final class SafetensorsWriter {
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private record Entry(StoredDtype dtype, List<Long> shape, ByteBuffer bytes) {}

  /** A note for {@code __metadata__}. */
  public SafetensorsWriter note(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /** A tensor in its own type, copied to the processor. */
  public SafetensorsWriter add(String name, Tensor tensor) {
    StoredDtype dtype = StoredDtype.of(tensor.scalar_type());
    return add(name, dtype, Tensors.toBytes(tensor), tensor.shape());
  }

  /** A float32 tensor. */
  public SafetensorsWriter add(String name, float[] values, long... shape) {
    ByteBuffer bytes = allocate(values.length, Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return put(name, StoredDtype.F32, bytes, shape);
  }

  /** An int64 tensor. */
  public SafetensorsWriter add(String name, long[] values, long... shape) {
    ByteBuffer bytes = allocate(values.length, Long.BYTES);
    bytes.asLongBuffer().put(values);
    return put(name, StoredDtype.I64, bytes, shape);
  }

  /**
   * A tensor of any type from little-endian, row-major bytes.
   *
   * @throws IllegalArgumentException if they do not fill the shape, or the name was added before
   */
  public SafetensorsWriter add(String name, StoredDtype dtype, byte[] bytes, long... shape) {
    return put(name, dtype, ByteBuffer.wrap(bytes.clone()), shape);
  }

  private SafetensorsWriter put(String name, StoredDtype dtype, ByteBuffer bytes, long... shape) {
    long expected = Math.multiplyExact(Tensors.count(shape), dtype.bytes());
    if (bytes.remaining() != expected) {
      throw new IllegalArgumentException(
          "tensor '%s' %s %s: expected %d bytes, found %d"
              .formatted(name, dtype, Arrays.toString(shape), expected, bytes.remaining()));
    }
    List<Long> sizes = Arrays.stream(shape).boxed().toList();
    if (entries.putIfAbsent(name, new Entry(dtype, sizes, bytes)) != null) {
      throw new IllegalArgumentException("tensor '" + name + "': added twice");
    }
    return this;
  }

  /**
   * Writes the file, replacing one of the same name.
   *
   * @throws WeightsException if it cannot be written
   */
  public void write(Path file) {
    List<Map.Entry<String, Entry>> ordered = new ArrayList<>(entries.entrySet());
    ordered.sort(Comparator.comparing(entry -> -entry.getValue().dtype().bytes()));
    byte[] header = header(ordered);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(0, header.length)
              .array());
      out.write(header);
      for (Map.Entry<String, Entry> entry : ordered) {
        ByteBuffer bytes = entry.getValue().bytes().duplicate();
        byte[] content = new byte[bytes.remaining()];
        bytes.get(content);
        out.write(content);
      }
    } catch (IOException e) {
      throw new WeightsException("weight file " + file + ": cannot be written (" + e + ")", e);
    }
  }

  /** JSON, filled with blanks to a multiple of eight bytes. */
  private byte[] header(List<Map.Entry<String, Entry>> ordered) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode notes = root.putObject("__metadata__");
      metadata.forEach(notes::put);
    }
    long offset = 0;
    for (Map.Entry<String, Entry> entry : ordered) {
      Entry tensor = entry.getValue();
      ObjectNode node = root.putObject(entry.getKey()).put("dtype", tensor.dtype().name());
      ArrayNode shape = node.putArray("shape");
      tensor.shape().forEach(shape::add);
      long end = offset + tensor.bytes().remaining();
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    String json = root.toString();
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    return (json + " ".repeat(Math.floorMod(-length, 8))).getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer allocate(int elements, int elementBytes) {
    return ByteBuffer.allocate(Math.multiplyExact(elements, elementBytes))
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
