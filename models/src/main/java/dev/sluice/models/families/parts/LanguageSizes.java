package dev.sluice.models.families.parts;

import dev.sluice.models.ModelArithmetic;
import dev.sluice.models.language.HeadLayout;
import dev.sluice.models.language.KvShape;
import dev.sluice.models.language.LlamaConfig;
import dev.sluice.models.language.OptConfig;
import dev.sluice.models.language.QwenConfig;

/**
 * What costs are counted from, whatever the language model. Immutable.
 *
 * @param rowElements temporaries of one position
 * @param layerWeights elements of the matrices of all layers
 */
public record LanguageSizes(
    int width,
    int vocabulary,
    int maxPositions,
    KvShape kvShape,
    long rowElements,
    long layerWeights) {

  public static LanguageSizes of(LlamaConfig config) {
    return new LanguageSizes(
        config.hiddenSize(),
        config.vocabulary(),
        config.maxPositions(),
        config.kvShape(),
        rowElements(config.hiddenSize(), config.headLayout(), config.intermediateSize()),
        config.layers()
            * gatedWeights(config.hiddenSize(), config.headLayout(), config.intermediateSize()));
  }

  public static LanguageSizes of(QwenConfig config) {
    long exactRotary = 4L * 2 * config.heads().queryWidth(); // float32 copies
    return new LanguageSizes(
        config.hiddenSize(),
        config.vocabulary(),
        config.maxPositions(),
        config.kvShape(),
        rowElements(config.hiddenSize(), config.heads(), config.intermediateSize()) + exactRotary,
        config.layers()
            * gatedWeights(config.hiddenSize(), config.heads(), config.intermediateSize()));
  }

  private static long rowElements(int width, HeadLayout heads, int intermediateSize) {
    long attention = 2L * heads.queryWidth() + 4L * heads.keyWidth();
    return 6L * width + 2 * attention + 3L * intermediateSize;
  }

  /** Of a layer with three matrices behind the attention's. */
  private static long gatedWeights(int width, HeadLayout heads, int intermediateSize) {
    return width * (2L * heads.queryWidth() + 2L * heads.keyWidth() + 3L * intermediateSize);
  }

  public static LanguageSizes of(OptConfig config) {
    long width = config.hiddenSize();
    return new LanguageSizes(
        config.hiddenSize(),
        config.vocabulary(),
        config.maxPositions(),
        config.kvShape(),
        18L * width + 2L * config.feedForwardSize(),
        config.layers() * width * (4 * width + 2L * config.feedForwardSize()));
  }

  /** What one token of a text takes. */
  public ModelArithmetic.Text arithmetic() {
    return new ModelArithmetic.Text(
        layerWeights + (long) width * vocabulary, kvShape.elementsPerPosition());
  }

  /** Positions of a text of this prompt and as long an answer as fits. */
  public int longestText(int promptPositions, int answerTokens) {
    return Math.min(promptPositions + answerTokens, maxPositions);
  }

  /**
   * @param visualTokens of a picture
   * @param promptPositions of the longest prompt that is counted on
   */
  public PictureCosts.Text costs(int visualTokens, int promptPositions) {
    return new PictureCosts.Text(visualTokens, width, promptPositions, rowElements, vocabulary);
  }
}
