package dev.sluice.models.families;

import dev.sluice.models.families.parts.ModelFamily;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import java.util.List;
import java.util.stream.Collectors;

/** The families that this engine knows. Immutable. */
public final class FamilyRegistry {
  private static final List<ModelFamily> FAMILIES =
      List.of(
          new LlavaUhd(),
          new Llava(),
          new Blip(),
          new BlipMatching(),
          new Blip2(),
          new InstructBlip(),
          new MiniGpt4(),
          new Clip(),
          new Siglip(),
          new Vilt(),
          new QwenVl(QwenVl.Variant.MONKEY),
          new QwenVl(QwenVl.Variant.QWEN_VL));

  private FamilyRegistry() {}

  /**
   * The family of a folder, by {@code model_type} and {@code architectures}.
   *
   * @throws UnknownFamilyException if none fits, with what was found and what is known
   */
  public static ModelFamily of(ModelDirectory directory) {
    ModelConfig config = directory.config();
    return FAMILIES.stream()
        .filter(family -> family.matches(config))
        .findFirst()
        .orElseThrow(
            () ->
                new UnknownFamilyException(
                    ("model folder %s: expected a family of %s, found model_type '%s' with"
                            + " architectures %s in config.json")
                        .formatted(
                            directory,
                            names(),
                            config.stringOr("model_type", ""),
                            config.strings("architectures"))));
  }

  private static String names() {
    return FAMILIES.stream().map(ModelFamily::name).collect(Collectors.joining(", ", "{", "}"));
  }
}
