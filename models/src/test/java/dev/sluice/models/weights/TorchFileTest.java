package dev.sluice.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"hostile-zip.bin", "hostile-old.bin"})
  void open_pickleWithCode_isRefusedAndNothingRuns(String name) {
    assertThatThrownBy(() -> TorchFile.open(Fixtures.path(name)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("asks for 'posix.system', which is refused")
        .hasMessageContaining("safetensors");
    assertThat(Path.of("hostile-was-here")).doesNotExist();
  }

  @Test
  void open_wholeModule_isRefused() {
    assertThatThrownBy(() -> TorchFile.open(Fixtures.path("whole-module.pt")))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("which is refused");
  }

  @Test
  void open_trainingCheckpoint_readsItsStateDict() {
    try (TorchFile file = TorchFile.open(Fixtures.path("wrapped.pth"))) {
      assertThat(file.tensors()).containsOnlyKeys("inner");
    }
  }

  @Test
  void open_trainingRun_readsItsModelAndNotItsOptimizer() {
    Path path = Fixtures.path("training-run.pth");
    try (Weights weights = Weights.open(Device.CPU, Dtype.FLOAT32, path)) {
      assertThat(weights.names()).containsExactly("bias", "weight");
      assertThat(Tensors.toFloats(weights.tensor("weight", 2, 3)))
          .containsExactly(Fixtures.ramp(6));
    }
  }

  @Test
  void open_stateDictOfAModule_ignoresItsAttributes() {
    Path path = Fixtures.path("state-dict.pt");
    try (Weights weights = Weights.open(Device.CPU, Dtype.FLOAT32, path)) {
      assertThat(weights.names()).containsExactly("bias", "weight");
      assertThat(Tensors.toFloats(weights.tensor("weight", 2, 3)))
          .containsExactly(Fixtures.ramp(6));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch-zip", "torch-old"})
  void open_cutAnywhere_isRefused(String format) throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.path(format + "/pytorch_model.bin"));
    Path file = folder.resolve("cut.bin");
    for (int length = 0; length < whole.length; length += 7) {
      Fixtures.write(file, Arrays.copyOf(whole, length));

      assertThatThrownBy(() -> TorchFile.open(file))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(WeightsException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch-zip", "torch-old"})
  void open_flippedBytes_isReadOrRefusedNeverWorse(String format) throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.path(format + "/pytorch_model.bin"));
    Path file = folder.resolve("flipped.bin");
    Fixtures.readFlipped(whole, file, 1000, new Random(11));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // shape 5 of a storage of 4
        "0 | 5 | 1 | within the 16 bytes of its storage",
        "3 | 2 | 1 | within the 16 bytes of its storage",
        "0 | 2 | 4 | within the 16 bytes of its storage",
        "0 | 2 | -1 | within the 16 bytes of its storage",
        "-1 | 1 | 1 | of shape [1] with strides [1] at -1",
        "0 | -2 | 1 | its shape [-2] is not one",
        "0 | 2 | 2000000000 | within the 16 bytes of its storage",
        // one number a billion times over
        "0 | 1000000000 | 0 | within the 16 bytes of its storage",
      })
  void open_viewBeyondItsStorage_isRefused(int offset, int size, int stride, String message)
      throws IOException {
    byte[] pickle =
        new Pickle()
            .ascii("\u0080\u0002}X\u0001\u0000\u0000\u0000actorch._utils\n_rebuild_tensor_v2\n(")
            .storage()
            .number(offset)
            .number(size)
            .ascii("\u0085")
            .number(stride)
            .ascii("\u0085\u0089}tRs.")
            .bytes();

    assertThatThrownBy(() -> TorchFile.open(zip(pickle)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("made.bin")
        .hasMessageContaining(message);
  }

  @Test
  void open_globalsOfEveryForm_areRefused() throws IOException {
    List<String> hostile =
        List.of(
            "cos\nsystem\n.",
            "cbuiltins\neval\n.",
            "cbuiltins\ngetattr\n.",
            "ctorch\nload\n.",
            "ctorch.hub\nload\n.",
            "ctorch._utils\n_rebuild_tensor_v2.__globals__\n.",
            "ccollections\nOrderedDict.fromkeys\n.",
            "ctorch.storage\n_load_from_bytes\n.",
            "\u008c\u0002os\u008c\u0006system\u0093.");
    for (String pickle : hostile) {
      Path file = zip(new Pickle().ascii("\u0080\u0004").ascii(pickle).bytes());

      assertThatThrownBy(() -> TorchFile.open(file))
          .as(pickle)
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("which is refused");
    }
  }

  @Test
  void open_inconsistentPickles_areRefused() throws IOException {
    List<String> hostile =
        List.of(
            "",
            ".",
            "R.",
            "s.",
            "t.",
            "h\u0007.",
            "q\u0007.",
            "}b.",
            "]}b.",
            "}(Ku.",
            "}KKs.",
            "}KQ.",
            "(lp0\n.",
            "i os\nsystem\n.",
            "\u0081.",
            "\u0082\u0001.",
            "B\u00ff\u00ff\u00ff\u007f",
            "X\u00ff\u00ff\u00ff\u00ff",
            "\u008a\u00ffa",
            "ccollections\nOrderedDict\n(]tR.",
            "ctorch\nFloatStorage\n)R.",
            "ctorch._utils\n_rebuild_tensor_v2\n)R.",
            "ctorch._utils\n_rebuild_parameter\n)R.",
            "c" + "x".repeat(10_000) + "\n");
    for (String pickle : hostile) {
      Path file = zip(new Pickle().ascii("\u0080\u0002").ascii(pickle).bytes());

      assertThatThrownBy(() -> TorchFile.open(file).close())
          .as(pickle)
          .isInstanceOf(WeightsException.class);
    }
  }

  @Test
  void open_pickleThatOnlyGrows_endsAtTheLimit() throws IOException {
    byte[] pickle = new byte[5 << 20];
    Arrays.fill(pickle, (byte) '}');

    Path file = zip(pickle);

    assertThatThrownBy(() -> TorchFile.open(file))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("expected a pickle of at most 4194304 instructions");
  }

  @Test
  void open_compressedEntries_areRefused() throws IOException {
    Path file = folder.resolve("deflated.bin");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      out.putNextEntry(new ZipEntry("archive/data.pkl"));
      out.write(new byte[1 << 20]);
      out.closeEntry();
    }

    assertThatThrownBy(() -> TorchFile.open(file))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("compressed or encrypted");
  }

  @Test
  void open_anotherKindOfFile_isRefused() {
    Path file =
        Fixtures.write(
            folder.resolve("text.bin"), "not a checkpoint".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> TorchFile.open(file))
        .isInstanceOf(WeightsException.class)
        .hasMessage("text.bin: expected a file that torch.save wrote, found another kind");
  }

  /** A file like torch.save's, with this pickle and one storage '0' of four float32. */
  private Path zip(byte[] pickle) throws IOException {
    Path file = folder.resolve("made.bin");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      out.setMethod(ZipOutputStream.STORED);
      put(out, "archive/data.pkl", pickle);
      put(out, "archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      put(out, "archive/data/0", new byte[16]);
    }
    return file;
  }

  private static void put(ZipOutputStream out, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setSize(content.length);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }

  /** Writes pickles by hand. */
  private static final class Pickle {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Pickle ascii(String text) {
      out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
      return this;
    }

    Pickle number(int value) {
      out.write('J');
      out.writeBytes(ByteBuffer.allocate(4).putInt(Integer.reverseBytes(value)).array());
      return this;
    }

    /** The persistent id ('storage', torch.FloatStorage, '0', 'cpu', 4). */
    Pickle storage() {
      return ascii("(X\u0007\u0000\u0000\u0000storagectorch\nFloatStorage\n")
          .ascii("X\u0001\u0000\u0000\u00000X\u0003\u0000\u0000\u0000cpuK\u0004tQ");
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
