package dev.sluice.models.families.parts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.GoldenFolders;
import dev.sluice.models.GoldenTensors;
import dev.sluice.models.HfGolden;
import dev.sluice.models.language.TextEncoder;
import dev.sluice.models.language.TextEncoderConfig;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tokenizer.Tokenizer;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Odd and long texts of the golden folders. */
class TextTowerGoldenTest {
  private static final double FEATURES = 1e-4;

  @TestFactory
  Stream<DynamicTest> texts_equalTheReference() throws IOException {
    List<HfGolden> folders = HfGolden.ofFamilies("clip", "siglip");
    GoldenFolders.requireFixtures(folders);
    return folders.stream()
        .map(golden -> DynamicTest.dynamicTest(golden.toString(), () -> check(golden)));
  }

  private static void check(HfGolden golden) {
    ModelDirectory directory = ModelDirectory.open(golden.model());
    String text = golden.expected().get("single_text").asText();
    try (Tokenizer tokenizer = Tokenizer.open(golden.model());
        Weights weights = directory.weights(Device.CPU, Dtype.FLOAT32);
        GoldenTensors tensors = golden.tensors();
        TensorScope scope = new TensorScope()) {
      TextTower tower = tower(directory.config(), weights, tokenizer);
      assertThat(tower.read(text).ids()).isEqualTo(boxed(tensors.longs("single_text.input_ids")));
      tensors.check(
          "single_text.text_features_unnormalized",
          Tensors.toFloats(tower.embed(List.of(text))),
          FEATURES,
          0);
      if (golden.expected().has("long_text")) {
        long[] expected =
            golden
                .expected()
                .get("long_text_truncated_ids")
                .valueStream()
                .mapToLong(id -> id.longValue())
                .toArray();
        assertThat(tower.read(golden.expected().get("long_text").asText()).ids())
            .isEqualTo(boxed(expected));
      }
    }
  }

  private static TextTower tower(ModelConfig config, Weights weights, Tokenizer tokenizer) {
    ModelConfig text = config.at("text_config");
    return config.string("model_type").equals("clip")
        ? clip(text, weights, tokenizer)
        : siglip(text, weights, tokenizer);
  }

  private static TextTower clip(ModelConfig keys, Weights weights, Tokenizer tokenizer) {
    TextEncoderConfig config = TextEncoderConfig.of(keys, TextEncoderConfig.CLIP);
    long features = weights.shape("text_projection.weight")[0];
    return new TextTower(
        new TextCodec(Optional.of(tokenizer), config.vocabulary()),
        config.maxPositions(),
        TextTower.Reader.clip(keys.intOr("eos_token_id", 49407, 0, 1 << 20)),
        TextEncoder.clip(weights.under("text_model"), config),
        Linear.loadWithoutBias(weights.under("text_projection"), config.width(), features));
  }

  private static TextTower siglip(ModelConfig keys, Weights weights, Tokenizer tokenizer) {
    TextEncoderConfig config = TextEncoderConfig.of(keys, TextEncoderConfig.SIGLIP);
    return new TextTower(
        new TextCodec(Optional.of(tokenizer), config.vocabulary()),
        config.maxPositions(),
        TextTower.Reader.siglip(keys.intOr("pad_token_id", 1, 0, 1 << 20), config.maxPositions()),
        TextEncoder.siglip(weights.under("text_model"), config),
        Linear.load(weights.under("text_model", "head"), config.width(), config.width()));
  }

  private static List<Integer> boxed(long[] ids) {
    return Arrays.stream(ids).mapToObj(Math::toIntExact).toList();
  }
}
