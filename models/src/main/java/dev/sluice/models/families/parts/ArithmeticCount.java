package dev.sluice.models.families.parts;

import dev.sluice.models.ModelArithmetic;
import dev.sluice.models.language.BertConfig;
import dev.sluice.models.vision.VisionConfig;

/** Counts what a model's parts compute from their configurations. Stateless. */
public final class ArithmeticCount {
  private ArithmeticCount() {}

  /** A tower whose layers are all run and that has a class token. */
  public static ModelArithmetic.Tower tower(VisionConfig config) {
    return tower(config, 1, config.layers());
  }

  /**
   * @param layers that are run
   */
  public static ModelArithmetic.Tower tower(VisionConfig config, int classTokens, int layers) {
    return new ModelArithmetic.Tower(
        config.patchSize(), classTokens, layers, config.hiddenSize(), config.intermediateSize());
  }

  /**
   * BLIP's decoder; a picture's rows pass two more matrices of each layer, once, with the prompt.
   */
  public static ModelArithmetic.Text text(BertConfig config) {
    long width = config.hiddenSize();
    long layer = 6 * width * width + 2 * width * config.intermediateSize();
    long head = width * width + width * config.vocabulary();
    return new ModelArithmetic.Text(
        config.layers() * layer + head, config.kvShape().elementsPerPosition());
  }
}
