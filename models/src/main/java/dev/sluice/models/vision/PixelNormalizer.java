package dev.sluice.models.vision;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.weights.Weights;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * 8-bit pixels to what a tower was trained on: (value / 255 - mean) / deviation, per channel, in
 * float32. Owned by the device thread.
 */
public final class PixelNormalizer {
  /** What CLIP's towers were trained with. */
  public static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);

  /** What CLIP's towers were trained with. */
  public static final List<Double> CLIP_DEVIATION = List.of(0.26862954, 0.26130258, 0.27577711);

  private static final double WHITE = 255;

  private final Device device;
  private final Dtype dtype;
  private final Tensor mean; // [3, 1, 1]
  private final Tensor deviation; // [3, 1, 1]

  /**
   * @param owner closes the constants when it closes
   * @param mean of red, green and blue, of values from 0 to 1
   */
  public PixelNormalizer(Weights owner, List<Double> mean, List<Double> deviation) {
    this.device = owner.device();
    this.dtype = owner.dtype();
    this.mean = constant(owner, mean);
    this.deviation = constant(owner, deviation);
  }

  private static Tensor constant(Weights owner, List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    try (Tensor host = Tensors.ofFloats(floats, floats.length, 1, 1)) {
      return owner.keep(Tensors.to(host, owner.device(), Dtype.FLOAT32));
    }
  }

  /**
   * @param tiles of one size
   * @return [B, 3, height, width] in the tower's type
   */
  public Tensor apply(List<RgbImage> tiles) {
    Tensor bytes = Tensors.to(stack(tiles), device, ScalarType.Float); // [B, height, width, 3]
    Tensor planes = bytes.permute(0, 3, 1, 2);
    try (Scalar white = new Scalar(WHITE)) {
      planes.div_(white).sub_(mean).div_(deviation);
    }
    return Tensors.to(planes, device, dtype);
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
