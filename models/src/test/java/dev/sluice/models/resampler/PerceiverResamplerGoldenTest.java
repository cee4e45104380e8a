package dev.sluice.models.resampler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.models.GoldenFolders;
import dev.sluice.models.GoldenTensors;
import dev.sluice.models.layers.Bicubic;
import dev.sluice.models.layers.GridFeatures;
import dev.sluice.models.layers.PatchGrid;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The 64-query resampler of LLaVA-UHD's first code drop, in float32. */
class PerceiverResamplerGoldenTest {
  private static final double ABSOLUTE = 1e-4;
  private static final double RELATIVE = 1e-5;

  @TestFactory
  Stream<DynamicTest> cases_equalTheReference() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path folder : GoldenFolders.named("llava-uhd-64q")) {
      JsonNode cases = new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
      for (int i = 0; i < cases.size(); i++) {
        JsonNode size = cases.get(i).get("tgt_size_hw");
        PatchGrid grid = new PatchGrid(size.get(0).intValue(), size.get(1).intValue());
        String name = "case" + i;
        tests.add(
            DynamicTest.dynamicTest(
                folder.getFileName() + " " + name, () -> check(folder, name, grid)));
      }
    }
    GoldenFolders.requireFixtures(tests);
    return tests.stream();
  }

  private static void check(Path folder, String name, PatchGrid grid) {
    ModelDirectory directory = ModelDirectory.open(folder);
    ModelConfig config = directory.config();
    int side = config.sizeAt("grid_size");
    int width = config.sizeAt("hidden_size");
    ResamplerConfig sizes =
        new ResamplerConfig(
            config.sizeAt("mm_hidden_size"), width, config.sizeAt("num_heads"), side);
    try (Weights weights = directory.weights(Device.CPU, Dtype.FLOAT32);
        GoldenTensors golden = new GoldenTensors(folder);
        TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      Weights projector = weights.under("model.mm_projector");
      Tensor table = projector.tensor("pos_embed", sizes.queries(), width);
      Tensor positions = Bicubic.resize(table, new PatchGrid(side, side), grid);
      golden.check(name + ".key_pos", Tensors.toFloats(positions), ABSOLUTE, RELATIVE);
      PerceiverResampler resampler = PerceiverResampler.load(projector, sizes);
      Tensor features = Tensors.ofFloats(golden.floats(name + ".x"), golden.shape(name + ".x"));
      Tensor tokens = resampler.apply(new GridFeatures(grid, features));
      golden.check(name + ".y", Tensors.toFloats(tokens), ABSOLUTE, RELATIVE);
    }
  }
}
