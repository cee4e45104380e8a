package dev.sluice.models.families;

import dev.sluice.models.Capability;
import dev.sluice.models.ImageCosts;
import dev.sluice.models.ModelArithmetic;
import dev.sluice.models.families.parts.ArithmeticCount;
import dev.sluice.models.families.parts.FamilyConfig;
import dev.sluice.models.families.parts.ImageProcessorConfig;
import dev.sluice.models.families.parts.PictureCosts;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.Size;
import dev.sluice.models.vision.ViltModel;
import dev.sluice.models.vision.VisionConfig;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A ViLT folder's configuration; missing keys take the defaults of transformers' classes.
 * Immutable.
 *
 * @param labels the answers that there are, in the order of the head
 */
record ViltConfig(
    ImageProcessorConfig processor,
    VisionConfig vision,
    int vocabulary,
    int maxWords,
    int wordTypes,
    int modalities,
    List<String> labels,
    String revision)
    implements FamilyConfig {

  static ViltConfig of(ModelDirectory directory) {
    ModelConfig config = directory.config();
    if (config.intOr("max_image_length", -1, Integer.MIN_VALUE, Integer.MAX_VALUE) > 0) {
      throw config.error("max_image_length", "-1, for patches are not dropped at random");
    }
    VisionConfig vision = VisionConfig.of(config, VisionConfig.VILT_B_32);
    ImageProcessorConfig processor = ImageProcessorConfig.of(directory, "ViltImageProcessor");
    if (processor.keys().sizeAt("size_divisor") % vision.patchSize() != 0) {
      throw processor
          .keys()
          .error("size_divisor", "a multiple of the patch size " + vision.patchSize());
    }
    return new ViltConfig(
        processor,
        vision,
        config.sizeOr("vocab_size", 30522),
        config.sizeOr("max_position_embeddings", 40),
        config.sizeOr("type_vocab_size", 2),
        config.intOr("modality_type_vocab_size", 2, 2, 1 << 10),
        labels(config),
        directory.name());
  }

  private static List<String> labels(ModelConfig config) {
    Map<String, String> byId = config.stringMap("id2label");
    List<String> labels = new ArrayList<>();
    for (int id = 0; id < byId.size(); id++) {
      String label = byId.get(String.valueOf(id));
      if (label == null) {
        throw config.error("id2label", "answers numbered from 0, one being " + id);
      }
      labels.add(label);
    }
    if (labels.isEmpty()) {
      throw config.error("id2label", "answers numbered from 0");
    }
    return List.copyOf(labels);
  }

  ViltModel.Sizes sizes() {
    return new ViltModel.Sizes(vocabulary, maxWords, wordTypes, modalities, labels.size());
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.ANSWER, Capability.SCORE);
  }

  @Override
  public String captionPrompt() {
    return "What is in the picture?";
  }

  @Override
  public long kvBytesPerToken(Dtype dtype) {
    return 0;
  }

  @Override
  public ImageCosts costs(Dtype dtype) {
    Size tile = processor.largestTile();
    PictureCosts.Tower tower = PictureCosts.Tower.of(vision);
    int rows =
        Math.toIntExact(tile.pixels() / ((long) vision.patchSize() * vision.patchSize())) + 1;
    long row = 10L * vision.hiddenSize() + 2L * vision.intermediateSize();
    return new PictureCosts(
            new PictureCosts.Tiles(1, tile.pixels()),
            tower,
            0,
            new PictureCosts.Text(rows, vision.hiddenSize(), rows + maxWords, row, labels.size()))
        .bytes(dtype);
  }

  /** The patches alone: a picture passes the layers together with its question. */
  @Override
  public ModelArithmetic arithmetic() {
    return new ModelArithmetic(ArithmeticCount.tower(vision, 1, 0), ModelArithmetic.Text.NONE);
  }
}
