package dev.sluice.operators;

import dev.sluice.models.ImageCosts;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.PublicEvolving;

/**
 * The models that work on one picture, on one device: what a picture's admission has to cover.
 * Immutable.
 *
 * @param shares the first is the model that reads the picture
 * @param laterSteps steps after the first one, which may run in other tasks
 */
@PublicEvolving
public record Workload(List<Share> shares, int laterSteps) implements Serializable {
  /** Encode and decode come after slice. */
  private static final int STEPS_AFTER_SLICE = 2;

  public Workload {
    shares = List.copyOf(shares);
    List<String> devices =
        shares.stream().map(share -> share.model().options().device()).distinct().toList();
    if (devices.size() != 1) {
      throw new IllegalArgumentException(
          "models of one picture: expected one device, found " + devices);
    }
  }

  /** One model in three steps. */
  public static Workload of(ModelRef model) {
    return new Workload(List.of(new Share(model, 1)), STEPS_AFTER_SLICE);
  }

  /** The model that reads the picture. */
  public ModelRef first() {
    return shares.get(0).model();
  }

  /**
   * What one picture needs at the most, without loading weights.
   *
   * @throws IOException if a model folder cannot be read, with the reason
   */
  public long pictureBytes() throws IOException {
    long bytes = 0;
    for (Share share : shares) {
      bytes += share.bytes(costs(share.model()));
    }
    return bytes;
  }

  private static ImageCosts costs(ModelRef model) throws IOException {
    try {
      return model.loader().costs(model);
    } catch (IOException e) {
      throw new IOException("model " + model + ": " + e.getMessage(), e);
    }
  }

  /**
   * A model's part. Immutable.
   *
   * @param views the picture and regions of it that the model looks at, at the most; they are cut
   *     at once and looked at one after the other
   */
  public record Share(ModelRef model, int views) implements Serializable {

    /** The tiles of all views, and the device memory of one. */
    @Internal
    public long bytes(ImageCosts costs) {
      return costs.totalBytes() + (views - 1) * costs.tilesBytes();
    }
  }
}
