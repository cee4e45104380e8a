package dev.sluice.models.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** The files that make_fixtures.py wrote, and hostile ones made here. */
final class Fixtures {
  private Fixtures() {}

  static Path path(String name) {
    URL url = Fixtures.class.getResource("/weights/" + name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What make_fixtures.py calls a ramp: element i is (i - 3) / 4. */
  static float[] ramp(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i - 3) / 4f;
    }
    return values;
  }

  /** A safetensors file with this header and so many bytes of zeros. */
  static Path safetensors(Path file, String header, int dataBytes) {
    return safetensors(file, header.getBytes(StandardCharsets.UTF_8), dataBytes);
  }

  static Path safetensors(Path file, byte[] header, int dataBytes) {
    byte[] content =
        ByteBuffer.allocate(8 + header.length + dataBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array();
    return write(file, content);
  }

  static Path write(Path file, byte[] content) {
    try {
      return Files.write(file, content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Opens the file with one to three bytes changed, again and again: it is read or refused. */
  static void readFlipped(byte[] whole, Path file, int rounds, Random random) {
    for (int round = 0; round < rounds; round++) {
      byte[] content = whole.clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        content[random.nextInt(content.length)] = (byte) random.nextInt(256);
      }
      readAll(write(file, content));
    }
  }

  private static void readAll(Path file) {
    try (Weights weights = Weights.open(Device.CPU, Dtype.FLOAT32, file)) {
      weights.names().forEach(name -> Tensors.toBytes(weights.stored(name)));
    } catch (WeightsException expected) {
      assertThat(expected).hasMessageContaining(file.getFileName().toString());
    }
  }
}
