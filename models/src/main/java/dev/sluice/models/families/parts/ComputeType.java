package dev.sluice.models.families.parts;

import dev.sluice.models.LoadOptions;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.ModelConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a model is computed in: the asked type, else the checkpoint's where the device is fast in
 * it. Stateless.
 *
 * <p>Processors have no float16 arithmetic, so a half-precision checkpoint runs in bfloat16 where
 * the processor has that, and in float32 elsewhere.
 */
public final class ComputeType {
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
  private static final List<String> BFLOAT16_FLAGS = List.of("avx512_bf16", "amx_bf16", "bf16");

  private ComputeType() {}

  public static Dtype of(ModelConfig config, LoadOptions options) {
    return options.dtype().orElseGet(() -> ofCheckpoint(config, options));
  }

  private static Dtype ofCheckpoint(ModelConfig config, LoadOptions options) {
    Dtype stored =
        Dtype.parse(
            config.stringOr("torch_dtype", config.stringOr("dtype", Dtype.FLOAT16.label())));
    if (options.device().isCuda() || stored == Dtype.FLOAT32) {
      return stored;
    }
    return processorHasBfloat16() ? Dtype.BFLOAT16 : Dtype.FLOAT32;
  }

  private static boolean processorHasBfloat16() {
    try {
      if (!Files.isReadable(PROCESSOR)) {
        return false;
      }
      return Files.readAllLines(PROCESSOR, StandardCharsets.UTF_8).stream()
          .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
          .limit(1)
          .flatMap(line -> Arrays.stream(line.split("\\s+", -1)))
          .anyMatch(BFLOAT16_FLAGS::contains);
    } catch (IOException e) {
      return false;
    }
  }
}
