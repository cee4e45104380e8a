package dev.sluice.models.families.parts;

import dev.sluice.models.image.ImageReader;
import dev.sluice.models.image.PictureFitting;
import dev.sluice.models.image.PictureResizer;
import dev.sluice.models.image.PictureSlicer;
import dev.sluice.models.image.ResizeFilter;
import dev.sluice.models.image.ResizeRule;
import dev.sluice.models.image.ViltResizeRule;
import dev.sluice.models.image.WholePictureSlicer;
import dev.sluice.models.value.Size;
import dev.sluice.models.vision.PixelNormalizer;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * What a folder says of its pictures, with what its Hugging Face image processor takes for keys
 * that are absent. Immutable.
 *
 * <p>Pixels are those of the default ("fast", torchvision) backend of transformers 5. The class
 * defaults stand in {@code image-processors.json} beside this class.
 */
public final class ImageProcessorConfig {
  private static final String DEFAULTS = "image-processors.json";
  private static final int CHANNELS = 3;
  private static final int MAX_SIDE = 1 << 14;

  private final ModelConfig keys;
  private final boolean numberIsShortestEdge;

  /**
   * @param keys the folder's, then the processor's defaults
   */
  private ImageProcessorConfig(ModelConfig keys, ModelConfig defaults) {
    this.keys = keys;
    this.numberIsShortestEdge = defaults.at("size").has("shortest_edge");
  }

  /**
   * Reads a folder of either layout.
   *
   * @param usualType the processor of a folder that names none, such as {@code CLIPImageProcessor}
   * @throws dev.sluice.models.weights.WeightsException if the processor is not known
   */
  public static ImageProcessorConfig of(ModelDirectory directory, String usualType) {
    ModelConfig folder = directory.preprocessorConfig();
    ModelConfig defaults = defaults();
    String key =
        folder.has("image_processor_type") ? "image_processor_type" : "feature_extractor_type";
    String type = className(folder.stringOr(key, usualType));
    ModelConfig ofType =
        defaults
            .find(type)
            .orElseThrow(() -> folder.error(key, "one of " + String.join(", ", defaults.keys())));
    return new ImageProcessorConfig(folder.orElse(ofType), ofType);
  }

  /** Old names and the names of other backends stand for the same defaults. */
  private static String className(String type) {
    return type.replaceFirst("(Fast|Pil)$", "").replaceFirst("FeatureExtractor$", "ImageProcessor");
  }

  private static ModelConfig defaults() {
    try (InputStream in = ImageProcessorConfig.class.getResourceAsStream(DEFAULTS)) {
      return ModelConfig.read(DEFAULTS, Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All keys, defaults included. */
  public ModelConfig keys() {
    return keys;
  }

  /** Resizes with the filter of {@code resample}. */
  public PictureResizer resizer() {
    ResizeFilter filter = ResizeFilter.of(keys.intAt("resample", 1, 3));
    return new PictureResizer(filter, PictureResizer.Arithmetic.TORCH);
  }

  /**
   * @param owner closes the constants when it closes
   */
  public PixelNormalizer normalizer(Weights owner) {
    boolean normalizes = keys.booleanOr("do_normalize", true);
    boolean rescales = keys.booleanOr("do_rescale", true);
    return new PixelNormalizer(
        owner,
        normalizes ? channels("image_mean") : Collections.nCopies(CHANNELS, 0.0),
        normalizes ? channels("image_std") : Collections.nCopies(CHANNELS, 1.0),
        rescales ? 1 / keys.doubleAt("rescale_factor", Float.MIN_NORMAL, 1) : 1);
  }

  /** One tile for every picture. */
  public PictureSlicer slicer(ImageReader reader) {
    return new WholePictureSlicer(reader, fitting());
  }

  /** The largest tile that a picture can become. */
  public Size largestTile() {
    PictureFitting fitting = fitting();
    if (fitting.crop() != null) {
      return fitting.crop();
    }
    return fitting.rule() instanceof ViltResizeRule vilt
        ? new Size(vilt.longestEdge(), vilt.edge())
        : fitting.rule().target(new Size(1, 1));
  }

  /**
   * @param side pixels of the pictures that the tower was made for
   * @throws dev.sluice.models.weights.WeightsException if tiles are of another size
   */
  public void requireSquare(int side) {
    Size tile = largestTile();
    if (!tile.equals(new Size(side, side))) {
      String key = keys.booleanOr("do_center_crop", false) ? "crop_size" : "size";
      throw keys.error(key, "%1$dx%1$d, the tower's image_size".formatted(side));
    }
  }

  private PictureFitting fitting() {
    boolean resizes = keys.booleanOr("do_resize", true);
    if (keys.booleanOr("do_center_crop", false)) {
      ResizeRule rule = resizes ? rule() : ResizeRule.unchanged();
      return new PictureFitting(resizer(), rule, exactSize("crop_size"));
    }
    if (!resizes) {
      throw keys.error("do_resize", "true where do_center_crop is not, for tiles of a known size");
    }
    return new PictureFitting(resizer(), rule(), null);
  }

  private ResizeRule rule() {
    if (isNumber("size")) {
      return numberIsShortestEdge
          ? shortestEdge(side(keys, "size"))
          : ResizeRule.exactly(exactSize("size"));
    }
    ModelConfig size = keys.at("size");
    if (size.has("shortest_edge") && !size.has("longest_edge")) {
      return shortestEdge(side(size, "shortest_edge"));
    }
    return ResizeRule.exactly(exactSize("size"));
  }

  private ResizeRule shortestEdge(int edge) {
    return keys.has("size_divisor")
        ? new ViltResizeRule(edge, keys.intAt("size_divisor", 1, edge))
        : ResizeRule.shortestEdge(edge);
  }

  /** A square given by a number, or a height and a width. */
  private Size exactSize(String key) {
    if (isNumber(key)) {
      return new Size(side(keys, key), side(keys, key));
    }
    ModelConfig size = keys.at(key);
    return new Size(side(size, "width"), side(size, "height"));
  }

  private boolean isNumber(String key) {
    return keys.json().path(key).isNumber();
  }

  private static int side(ModelConfig config, String key) {
    return config.intAt(key, 1, MAX_SIDE);
  }

  private List<Double> channels(String key) {
    List<Double> values = keys.doubles(key);
    if (values.size() == 1) {
      return Collections.nCopies(CHANNELS, values.get(0));
    }
    if (values.size() != CHANNELS) {
      throw keys.error(key, "3 numbers");
    }
    return values;
  }
}
