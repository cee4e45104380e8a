package dev.sluice.models.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.GoldenFolders;
import dev.sluice.models.GoldenTensors;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** BLIP's matching encoder on pictures that the reference's vision tower has read. */
class BertEncoderTest {
  private static final Path FOLDER = GoldenFolders.fixture("blip_itm");
  private static final int TEXTS = 3;
  private static final int LONGEST = 15;
  private static final int MEMORY_WIDTH = 48;
  private static final int WIDTH = 64;

  @Test
  void encode_withPictures_equalsThePaddedReference() {
    try (Fixture fixture = new Fixture()) {
      Tensor hidden = fixture.encoder.encode(fixture.texts(), Optional.of(fixture.memory()));
      float[] padded = fixture.golden.floats("itm_question_embeds"); // [3, 15, 64]
      float[] found = Tensors.toFloats(hidden);
      for (int i = 0; i < found.length; i++) {
        float expected = padded[i / WIDTH * LONGEST * WIDTH + i % WIDTH];
        assertThat(found[i]).as("hidden %d", i).isCloseTo(expected, within(1e-4f));
      }
      Linear head = Linear.load(fixture.weights.under("itm_head"), WIDTH, 2);
      fixture.golden.check("itm_score", Tensors.toFloats(head.apply(hidden)), 1e-4, 0);
    }
  }

  @Test
  void encode_withoutPictures_readsTheTextAlone() {
    try (Fixture fixture = new Fixture()) {
      Tensor texts = fixture.encoder.encode(fixture.texts(), Optional.empty());
      Tensor pictures = fixture.memory().select(1, 0); // class rows, [3, 48]
      Tensor text = Linear.load(fixture.weights.under("text_proj"), WIDTH, 24).apply(texts);
      Tensor seen =
          Linear.load(fixture.weights.under("vision_proj"), MEMORY_WIDTH, 24).apply(pictures);
      float[] found = cosines(Tensors.toFloats(seen), Tensors.toFloats(text), 24);
      fixture.golden.check("itc_cosine", found, 1e-5, 0);
    }
  }

  private static float[] cosines(float[] rows, float[] columns, int width) {
    float[] cosines = new float[TEXTS * TEXTS];
    for (int i = 0; i < cosines.length; i++) {
      int row = i / TEXTS * width;
      int column = i % TEXTS * width;
      double product = dot(rows, row, columns, column, width);
      double norms =
          dot(rows, row, rows, row, width) * dot(columns, column, columns, column, width);
      cosines[i] = (float) (product / Math.sqrt(norms));
    }
    return cosines;
  }

  private static double dot(float[] a, int fromA, float[] b, int fromB, int width) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += (double) a[fromA + i] * b[fromB + i];
    }
    return sum;
  }

  /** The model and its inputs; texts are cut where their padding begins. */
  private static final class Fixture implements AutoCloseable {
    private final TorchRuntime.Inference inference = TorchRuntime.inference();
    private final TensorScope scope = new TensorScope();
    private final GoldenTensors golden = new GoldenTensors(FOLDER);
    private final Weights weights =
        Weights.open(Device.CPU, Dtype.FLOAT32, FOLDER.resolve("ckpt/model.safetensors"));
    private final BertEncoder encoder =
        BertEncoder.load(
            weights.under("text_encoder"),
            BertConfig.of(
                ModelConfig.read(FOLDER.resolve("ckpt/config.json")).at("text_config"),
                MEMORY_WIDTH));

    private List<int[]> texts() {
      float[] ids = golden.floats("inputs.input_ids");
      List<int[]> texts = new ArrayList<>();
      for (int i = 0; i < TEXTS; i++) {
        float[] padded = Arrays.copyOfRange(ids, i * LONGEST, (i + 1) * LONGEST);
        int length = LONGEST;
        while (padded[length - 1] == 0) {
          length--;
        }
        int[] text = new int[length];
        for (int k = 0; k < length; k++) {
          text[k] = Math.round(padded[k]);
        }
        texts.add(text);
      }
      return texts;
    }

    /** [3, 37, 48]. */
    private Tensor memory() {
      return Tensors.ofFloats(
          golden.floats("vision_last_hidden"), golden.shape("vision_last_hidden"));
    }

    @Override
    public void close() {
      scope.close();
      weights.close();
      golden.close();
      inference.close();
    }
  }
}
