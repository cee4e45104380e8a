package dev.sluice.models.weights;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

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
}
