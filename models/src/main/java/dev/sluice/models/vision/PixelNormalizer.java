package dev.sluice.models.vision;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.weights.Weights;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * 8-bit pixels to what a tower was trained on: (value - white mean) / (white deviation), per
 * channel, in float32. Owned by the device thread.
 *
 * <p>One subtraction and one division, as transformers' default image processors fuse them.
 */
public final class PixelNormalizer implements TilePixels {
  /** What CLIP's towers were trained with. */
  public static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);

  /** What CLIP's towers were trained with. */
  public static final List<Double> CLIP_DEVIATION = List.of(0.26862954, 0.26130258, 0.27577711);

  private static final double WHITE = 255;

  private final Device device;
  private final Dtype dtype;
  private final Tensor mean; // [3, 1, 1], of values from 0 to white
  private final Tensor deviation; // [3, 1, 1]

  /** {@link #PixelNormalizer(Weights, List, List, double)} with a white of 255. */
  public PixelNormalizer(Weights owner, List<Double> mean, List<Double> deviation) {
    this(owner, mean, deviation, WHITE);
  }

  /**
   * @param owner closes the constants when it closes
   * @param mean of red, green and blue, of values from 0 to 1
   * @param white the level that is 1 for the mean and the deviation
   */
  public PixelNormalizer(Weights owner, List<Double> mean, List<Double> deviation, double white) {
    this.device = owner.device();
    this.dtype = owner.dtype();
    this.mean = constant(owner, mean, (float) white);
    this.deviation = constant(owner, deviation, (float) white);
  }

  private static Tensor constant(Weights owner, List<Double> values, float white) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue() * white;
    }
    try (Tensor host = Tensors.ofFloats(floats, floats.length, 1, 1)) {
      return owner.keep(Tensors.to(host, owner.device(), Dtype.FLOAT32));
    }
  }

  @Override
  public Tensor apply(List<RgbImage> tiles) {
    return Tensors.to(exact(tiles), device, dtype);
  }

  /** The same before it is rounded to the tower's type: float32 [B, 3, height, width]. */
  Tensor exact(List<RgbImage> tiles) {
    Tensor bytes = Tensors.to(stack(tiles), device, ScalarType.Float); // [B, height, width, 3]
    return bytes.permute(0, 3, 1, 2).sub_(mean).div_(deviation);
  }

  private static Tensor stack(List<RgbImage> tiles) {
    if (tiles.size() == 1) {
      return bytes(tiles.get(0));
    }
    TensorVector all = new TensorVector();
    tiles.forEach(tile -> all.push_back(bytes(tile)));
    return torch.cat(all, 0);
  }

  private static Tensor bytes(RgbImage tile) {
    return Tensors.ofBytes(tile.rgb(), 1, tile.height(), tile.width(), 3);
  }
}
