package dev.sluice.models.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.GoldenFolders;
import dev.sluice.models.GoldenTensors;
import dev.sluice.models.HfGolden;
import dev.sluice.models.layers.GridFeatures;
import dev.sluice.models.layers.PatchGrid;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each tower on the reference's own pixels. */
class VisionTransformerGoldenTest {
  private static final double FEATURES = 1e-4;
  private static final double FEATURES_RELATIVE = 1e-5;

  @TestFactory
  Stream<DynamicTest> towers_equalTheReference() throws IOException {
    List<HfGolden> folders =
        HfGolden.ofFamilies("clip", "siglip", "blip_caption", "blip_itm", "blip2", "instructblip");
    GoldenFolders.requireFixtures(folders);
    return folders.stream()
        .map(golden -> DynamicTest.dynamicTest(golden.toString(), () -> check(golden)));
  }

  private static void check(HfGolden golden) {
    ModelDirectory directory = ModelDirectory.open(golden.model());
    String type = directory.config().string("model_type");
    VisionConfig config =
        VisionConfig.of(directory.config().atOrEmpty("vision_config"), defaults(type));
    try (Weights weights = directory.weights(Device.CPU, Dtype.FLOAT32);
        GoldenTensors tensors = golden.tensors();
        TensorScope scope = new TensorScope()) {
      VisionTower tower = tower(type, weights.under("vision_model"), config);
      String prefix =
          Stream.of("inputs.", "single0.", "")
              .filter(name -> tensors.has(name + "pixel_values"))
              .findFirst()
              .orElseThrow();
      String name = prefix.equals("single0.") ? prefix : "";
      Tensor pixels =
          Tensors.ofFloats(
              tensors.floats(prefix + "pixel_values"), tensors.shape(prefix + "pixel_values"));
      tensors.check(
          name + "vision_last_hidden",
          Tensors.toFloats(features(tower, config, pixels)),
          FEATURES,
          FEATURES_RELATIVE);
    }
  }

  private static VisionConfig defaults(String type) {
    return switch (type) {
      case "clip" -> VisionConfig.CLIP_B_32;
      case "siglip" -> VisionConfig.SIGLIP_B_16;
      case "blip" -> VisionConfig.BLIP_B_16;
      default -> VisionConfig.BLIP_2_G_14;
    };
  }

  private static VisionTower tower(String type, Weights weights, VisionConfig config) {
    return switch (type) {
      case "clip" -> VisionTransformer.clip(weights, config, config.layers());
      case "siglip" -> VisionTransformer.siglip(weights, config);
      default -> VisionTransformer.blip(weights, config);
    };
  }

  /** All pictures as one group, and each in a batch with another grid: the same. */
  private static Tensor features(VisionTower tower, VisionConfig config, Tensor pixels) {
    TileGroup all = new TileGroup(config.learnedGrid(), pixels);
    PatchGrid narrow = new PatchGrid(config.learnedGrid().rows(), 1);
    TileGroup other = new TileGroup(narrow, pixels.narrow(3, 0, config.patchSize()).contiguous());
    Tensor alone = tower.apply(List.of(all)).get(0).features();
    List<GridFeatures> mixed = tower.apply(List.of(other, all));
    assertThat(torch.allclose(mixed.get(1).features(), alone, 1e-5, 1e-5, false)).isTrue();
    return alone;
  }
}
