package dev.sluice.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.ModelArithmetic.Text;
import dev.sluice.models.ModelArithmetic.Tower;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import java.nio.file.Path;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelArithmeticTest {
  private static final Size SQUARE = new Size(336, 336);

  /** CLIP's ViT-L/14 at 336 pixels: 191 GMAC, as published with open_clip. */
  @Test
  void towerOfClipLarge_isThePublishedCount() {
    Tower tower = new Tower(14, 1, 24, 1024, 4096);

    assertThat((double) tower.operations(SQUARE))
        .isCloseTo(2 * 191.1e9, Percentage.withPercentage(1));
  }

  @Test
  void slicedPicture_isTheSumOfItsTiles() {
    Tower tower = new Tower(14, 1, 2, 64, 256);
    Size slice = new Size(280, 392);
    SlicePlan plan = new SlicePlan(new Size(1200, 900), SQUARE, slice, 3, 2);

    assertThat(new ModelArithmetic(tower, Text.NONE).encodeOperations(plan))
        .isEqualTo(tower.operations(SQUARE) + 6 * tower.operations(slice));
  }

  @Test
  void step_readsWeightsOnceAndEveryTextsCache() {
    Text text = new Text(1000, 10);

    assertThat(text.stepBytes(Dtype.BFLOAT16, 3, 20.5)).isEqualTo(2 * (1000 + 3 * 205));
  }

  @ParameterizedTest
  @CsvSource({
    "llava/ckpt, language_model\\.(model\\.layers\\..+|lm_head\\.weight)",
    "blip2/ckpt, language_model\\.model\\.decoder\\.(layers\\..+|embed_tokens\\.weight)",
    "monkey, transformer\\.h\\.((?!lora).)+|lm_head\\.weight",
    "blip_caption/ckpt, text_decoder\\.(bert\\.encoder((?!crossattention.self.(key|value)).)+|cls.+)",
    "clip/ckpt, none",
  })
  void weightsOfAStep_areTheMatricesOfTheCheckpoint(String folder, String matrices) {
    Path path = GoldenFolders.fixture(folder);
    long expected = 0;
    try (Weights weights = ModelDirectory.open(path).weights(Device.CPU, Dtype.FLOAT32)) {
      for (String name : weights.names()) {
        long[] shape = weights.shape(name);
        if (shape.length == 2 && name.matches(matrices)) {
          expected += shape[0] * shape[1];
        }
      }
    }

    assertThat(Models.describe(path, LoadOptions.DEFAULTS).arithmetic().text().weights())
        .isEqualTo(expected);
  }
}
