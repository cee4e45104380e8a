package dev.sluice.models.families;

import dev.sluice.models.families.parts.Resources;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import dev.sluice.models.weights.WeightsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where LLaVA's vision tower lies: in the checkpoint, or in the CLIP folder that {@code
 * mm_vision_tower} names. Stateless.
 */
final class VisionTowerWeights {
  private static final String INSIDE = "model.vision_tower.vision_tower.vision_model";
  private static final String OUTSIDE = "vision_model";
  private static final String TOWER = "mm_vision_tower";
  private static final String PROBE = "embeddings.class_embedding";

  private VisionTowerWeights() {}

  /**
   * The scope of the tower's tensors.
   *
   * @param resources closes the CLIP folder's weights, if it is needed
   * @throws WeightsException if the tower is in neither place, with where it was looked for
   */
  static Weights open(ModelDirectory directory, Weights weights, Resources resources) {
    if (isInside(weights)) {
      return weights.under(INSIDE);
    }
    ModelDirectory tower = folder(directory);
    return resources.add(tower.weights(weights.device(), weights.dtype())).under(OUTSIDE);
  }

  /** Parameters of a tower outside the checkpoint, 0 for one inside. */
  static long extraParameters(ModelDirectory directory, Weights weights) {
    if (isInside(weights)) {
      return 0;
    }
    try (Weights tower = folder(directory).weights(Device.CPU, weights.dtype())) {
      return tower.under(OUTSIDE).parameters();
    }
  }

  private static boolean isInside(Weights weights) {
    return weights.under(INSIDE).has(PROBE);
  }

  /** What the CLIP folder says about its tower; empty where there is no such folder. */
  static ModelConfig config(ModelDirectory directory) {
    Optional<ModelConfig> clip =
        find(directory).map(folder -> ModelDirectory.open(folder).config());
    return clip.flatMap(config -> config.find("vision_config"))
        .or(() -> clip)
        .orElseGet(() -> ModelConfig.empty("config.json"));
  }

  private static ModelDirectory folder(ModelDirectory directory) {
    return ModelDirectory.open(
        find(directory)
            .orElseThrow(
                () ->
                    new WeightsException(
                        ("model folder %s: expected tensors of the scope '%s' or the CLIP folder"
                                + " '%s' of mm_vision_tower, found neither; put that folder beside"
                                + " the model's")
                            .formatted(directory, INSIDE, directory.config().string(TOWER)))));
  }

  private static Optional<Path> find(ModelDirectory directory) {
    return directory.config().findString(TOWER).stream()
        .flatMap(named -> candidates(directory, Path.of(named)))
        .filter(Files::isDirectory)
        .findFirst();
  }

  private static Stream<Path> candidates(ModelDirectory directory, Path named) {
    Path last = named.getFileName() == null ? named : named.getFileName();
    Path home = directory.path().toAbsolutePath().normalize();
    return Stream.of(home.resolve(named), home.resolveSibling(named), home.resolveSibling(last));
  }
}
