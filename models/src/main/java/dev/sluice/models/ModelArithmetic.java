package dev.sluice.models;

import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;

/**
 * What a model computes and reads, counted from its configuration: the matrix products of the
 * vision tower and the weights of the language model. A multiplication and an addition are two
 * operations. Norms, activations, and what connects the two parts are left out. Immutable.
 */
public record ModelArithmetic(Tower tower, Text text) {
  private static final int CHANNELS = 3;

  /**
   * A vision transformer.
   *
   * @param patchSize side of a patch, pixels
   * @param classTokens rows before the patches
   * @param layers that are run
   * @param width E
   * @param hidden features between the two matrices of a layer
   */
  public record Tower(int patchSize, int classTokens, int layers, int width, int hidden) {

    /** Operations for one tile. */
    public long operations(Size tile) {
      long patches = (long) (tile.width() / patchSize) * (tile.height() / patchSize);
      long rows = patches + classTokens;
      long matrices = 4L * width * width + 2L * width * hidden;
      long attention = 2L * rows * width;
      return 2 * patches * CHANNELS * patchSize * patchSize * width
          + 2 * rows * layers * (matrices + attention);
    }
  }

  /**
   * A language model.
   *
   * @param weights elements of all matrices that one token passes
   * @param cachedElements elements that one earlier position left in the cache
   */
  public record Text(long weights, long cachedElements) {
    /** Of a model that writes no text. */
    public static final Text NONE = new Text(0, 0);

    /**
     * Bytes that one step reads at the least: the weights once, and each text's cache.
     *
     * @param positions cached, of one text
     */
    public long stepBytes(Dtype dtype, int texts, double positions) {
      return dtype.bytes() * (weights + Math.round(texts * positions * cachedElements));
    }
  }

  /** Operations to encode a picture cut by this plan. */
  public long encodeOperations(SlicePlan plan) {
    Size slice = plan.slice();
    return tower.operations(plan.overview())
        + (slice == null ? 0 : plan.sliceCount() * tower.operations(slice));
  }
}
