package dev.sluice.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}} | tensors 'a' and 'b' overlap",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'U8','shape':[1],'data_offsets':[7,8]}} | tensors 'a' and 'b' overlap",
        "{'a':{'dtype':'F32','shape':[8],'data_offsets':[0,32]}} | expected data_offsets within 0 and 16",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | expected data_offsets within 0 and 16",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}} | whole numbers of 0 or more",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,9223372036854775807]}} | expected data_offsets within",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,99999999999999999999]}} | whole numbers",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}} | expected data_offsets within",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8,16]}} | expected data_offsets within",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | expected 12 bytes for f32 [3], found 8",
        "{'a':{'dtype':'F16','shape':[3],'data_offsets':[0,12]}} | expected 6 bytes for f16 [3], found 12",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}} | exceeds 2^63 bytes",
        "{'a':{'dtype':'F32','shape':[0,4294967296,4294967296],'data_offsets':[0,0]}} | exceeds 2^63 bytes",
        "{'a':{'dtype':'F32','shape':[2147483648,2147483648],'data_offsets':[0,0]}} | exceeds 2^63 bytes",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | whole numbers of 0 or more",
        "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}} | whole numbers of 0 or more",
        "{'a':{'dtype':'F32','shape':'[2]','data_offsets':[0,8]}} | found no array",
        "{'a':{'dtype':'F32','shape':[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],'data_offsets':[0,4]}} | at most 16",
        "{'a':{'dtype':'F8_E4M3','shape':[2],'data_offsets':[0,2]}} | expected dtype [f64",
        "{'a':{'dtype':7,'shape':[2],'data_offsets':[0,8]}} | expected dtype",
        "{'a':{'shape':[2],'data_offsets':[0,8]}} | expected dtype, shape and data_offsets",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}} | Duplicate field 'a'",
        "{'a':7} | expected an object for 'a'",
        "[] | expected a JSON object",
        "{'a': | not readable as JSON",
        "no json at all | not readable as JSON",
      })
  void open_inconsistentHeader_isRefused(String header, String message) {
    Path file = folder.resolve("model.safetensors");
    Fixtures.safetensors(file, header.replace('\'', '"'), 16);

    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("model.safetensors")
        .hasMessageContaining(message);
  }

  @Test
  void open_deepHeader_isRefused() {
    String header = "{\"a\":{\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}}";
    Path file = Fixtures.safetensors(folder.resolve("deep.safetensors"), header, 0);

    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("depth");
  }

  @ParameterizedTest
  @CsvSource({"1000000000", "4294967296", "9223372036854775807", "-1", "-9223372036854775808"})
  void open_headerOfGigabytes_isRefusedWithoutReadingIt(long claimed) throws IOException {
    Path path = folder.resolve("huge.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.writeLong(Long.reverseBytes(claimed));
      file.setLength(6L << 30); // sparse
    }

    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("expected a header of at most 100000000 bytes");
  }

  @Test
  void open_cutAnywhere_isRefused() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.path("safetensors/model.safetensors"));
    Path file = folder.resolve("cut.safetensors");
    for (int length = 0; length < whole.length; length++) {
      Fixtures.write(file, Arrays.copyOf(whole, length));

      assertThatThrownBy(() -> SafetensorsFile.open(file))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(WeightsException.class);
    }
  }

  @Test
  void open_flippedBytes_isReadOrRefusedNeverWorse() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.path("safetensors/model.safetensors"));
    Path file = folder.resolve("flipped.safetensors");
    Fixtures.readFlipped(whole, file, 2000, new Random(7));
  }

  @Test
  void metadata_isKept() {
    try (SafetensorsFile file =
        SafetensorsFile.open(Fixtures.path("safetensors/model.safetensors"))) {
      assertThat(file.metadata()).containsExactly(java.util.Map.entry("format", "pt"));
    }
  }

  @Test
  void write_everyType_isReadBack() {
    Path path = folder.resolve("written.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter().note("by", "a test");
    for (StoredDtype dtype : StoredDtype.values()) {
      byte[] ones = new byte[3 * dtype.bytes()];
      Arrays.fill(ones, (byte) 1);
      writer.add(dtype.name(), dtype, ones, 3);
    }
    writer.write(path);

    try (SafetensorsFile file = SafetensorsFile.open(path);
        Weights weights = Weights.open(Device.CPU, Dtype.FLOAT32, path)) {
      assertThat(file.metadata()).containsEntry("by", "a test");
      for (StoredDtype dtype : StoredDtype.values()) {
        assertThat(file.tensors().get(dtype.name()).offset() % dtype.bytes()).isZero();
        assertThat(Tensors.toBytes(weights.stored(dtype.name()))).containsOnly(1);
      }
    }
  }

  @Test
  void add_wrongSizeOrTwice_isRefused() {
    SafetensorsWriter writer = new SafetensorsWriter().add("a", new float[2], 2);

    assertThatThrownBy(() -> writer.add("b", new float[3], 2))
        .hasMessage("tensor 'b' f32 [2]: expected 8 bytes, found 12");
    assertThatThrownBy(() -> writer.add("a", new float[2], 2)).hasMessageContaining("added twice");
  }

  @Property(tries = 50)
  void write_anyNumbers_areReadBack(
      @ForAll @Size(max = 40) float[] values, @ForAll @IntRange(min = 1, max = 5) int copies)
      throws IOException {
    Path file = Files.createTempFile("sluice", ".safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    for (int i = 0; i < copies; i++) {
      writer.add("tensor " + i + " \"\u00e9\"", values, values.length);
    }
    writer.write(file);
    try (Weights weights = Weights.open(Device.CPU, Dtype.FLOAT32, file)) {
      assertThat(weights.names()).hasSize(copies);
      for (String name : weights.names()) {
        byte[] bytes = Tensors.toBytes(weights.tensor(name, values.length));
        float[] read = new float[values.length];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(read);
        assertThat(read).containsExactly(values);
      }
    } finally {
      Files.delete(file);
    }
  }
}
