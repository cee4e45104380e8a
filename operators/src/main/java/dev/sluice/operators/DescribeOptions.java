package dev.sluice.operators;

import static dev.sluice.operators.ModelOptions.require;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * How pictures are described on several levels. Immutable.
 *
 * @param matchThreshold score from which a caption is kept
 * @param maxRegions most regions of a picture
 */
@PublicEvolving
public record DescribeOptions(Models models, double matchThreshold, int maxRegions, Merging merging)
    implements Serializable {

  public static final ConfigOption<String> CAPTION_MODEL =
      ConfigOptions.key("sluice.describe.caption-model")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder of the model that captions the whole picture. Its slices are the regions: one"
                  + " that does not cut pictures gives none.");

  public static final ConfigOption<String> REGION_MODEL =
      ConfigOptions.key("sluice.describe.region-model")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder of the model that captions the regions. Default: the caption model.");

  public static final ConfigOption<String> MATCH_MODEL =
      ConfigOptions.key("sluice.describe.match-model")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder of the model that scores how well a caption matches its picture or region,"
                  + " such as BLIP's for image-text matching. Without it every caption is kept.");

  public static final ConfigOption<String> MERGE_MODEL =
      ConfigOptions.key("sluice.describe.merge-model")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder of the model that writes one description out of the captions and their"
                  + " coordinates. Without it there is none.");

  public static final ConfigOption<Double> MATCH_THRESHOLD =
      ConfigOptions.key("sluice.describe.match-threshold")
          .doubleType()
          .defaultValue(0.5)
          .withDescription("Score, 0 to 1, from which a caption is kept.");

  public static final ConfigOption<Integer> MAX_REGIONS =
      ConfigOptions.key("sluice.describe.max-regions")
          .intType()
          .defaultValue(9)
          .withDescription(
              "Most regions of a picture, row by row from the upper left; memory is set aside for as"
                  + " many.");

  public static final ConfigOption<String> MERGE_INSTRUCTION =
      ConfigOptions.key("sluice.describe.merge-instruction")
          .stringType()
          .defaultValue(
              "Describe the picture in detail, in one paragraph, with these notes on the whole and"
                  + " on regions given as (x, y, width, height).")
          .withDescription("What the merge model is asked; the captions follow, one a line.");

  public static final ConfigOption<Integer> MERGE_MAX_NEW_TOKENS =
      ConfigOptions.key("sluice.describe.merge-max-new-tokens")
          .intType()
          .defaultValue(256)
          .withDescription("Longest merged description, in tokens.");

  public DescribeOptions {
    require(matchThreshold >= 0 && matchThreshold <= 1, MATCH_THRESHOLD, "0 to 1", matchThreshold);
    require(maxRegions > 0, MAX_REGIONS, "at least 1", maxRegions);
  }

  /**
   * Reads what is set under {@code sluice.}; all models are loaded with the same options.
   *
   * @throws IllegalArgumentException if something is missing or out of range
   */
  public static DescribeOptions from(ReadableConfig config) {
    ModelOptions options = ModelOptions.from(config);
    ModelRef caption =
        model(config, CAPTION_MODEL, options)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        CAPTION_MODEL.key() + ": expected a model folder, found nothing"));
    return new DescribeOptions(
        new Models(
            caption,
            model(config, REGION_MODEL, options).orElse(caption),
            model(config, MATCH_MODEL, options).orElse(null),
            model(config, MERGE_MODEL, options).orElse(null)),
        config.get(MATCH_THRESHOLD),
        config.get(MAX_REGIONS),
        new Merging(config.get(MERGE_INSTRUCTION), config.get(MERGE_MAX_NEW_TOKENS)));
  }

  /** What one picture takes of the models: two of them look at every region. */
  public Workload workload() {
    List<Workload.Share> shares = new ArrayList<>();
    shares.add(new Workload.Share(models.caption(), 1));
    shares.add(new Workload.Share(models.region(), maxRegions));
    if (models.match() != null) {
      shares.add(new Workload.Share(models.match(), maxRegions + 1));
    }
    if (models.merge() != null) {
      shares.add(new Workload.Share(models.merge(), 1));
    }
    return new Workload(shares, 0);
  }

  private static Optional<ModelRef> model(
      ReadableConfig config, ConfigOption<String> option, ModelOptions options) {
    return config
        .getOptional(option)
        .filter(folder -> !folder.isBlank())
        .map(folder -> ModelRef.of(folder, options));
  }

  /**
   * Which model does what. Immutable.
   *
   * @param match null where captions are not scored
   * @param merge null where they are not merged
   */
  public record Models(
      ModelRef caption, ModelRef region, @Nullable ModelRef match, @Nullable ModelRef merge)
      implements Serializable {}

  /** How the merged text is asked for. Immutable. */
  public record Merging(String instruction, int maxNewTokens) implements Serializable {
    public Merging {
      require(!instruction.isBlank(), MERGE_INSTRUCTION, "an instruction", "none");
      require(maxNewTokens > 0, MERGE_MAX_NEW_TOKENS, "at least 1", maxNewTokens);
    }
  }
}
