package dev.sluice.operators.describe;

import dev.sluice.operators.DescribeOptions;
import dev.sluice.operators.VisionOptions.TextOptions;
import dev.sluice.operators.stage.ImageWork;
import dev.sluice.operators.stage.Stage;
import dev.sluice.serde.Description;
import dev.sluice.serde.Description.PartProvenance;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.StageTimings;
import java.util.concurrent.CompletableFuture;

/**
 * Describes a picture on several levels, from its event to the end in one step: regions are cut out
 * of the pixels, which no other step keeps. Immutable.
 */
public final class DescribeStage implements Stage<ImageEvent, Description> {
  private static final long serialVersionUID = 1L;

  private final DescribeOptions options;
  private final TextOptions text;

  /**
   * @param text how captions are written
   */
  public DescribeStage(DescribeOptions options, TextOptions text) {
    this.options = options;
    this.text = text;
  }

  @Override
  public Rejection.Stage stage() {
    return Rejection.Stage.DESCRIBE;
  }

  @Override
  public int laterSteps() {
    return 0;
  }

  @Override
  public ImageEvent event(ImageEvent input) {
    return input;
  }

  @Override
  public CompletableFuture<ImageEvent> recover(ImageEvent event, ImageWork work) {
    return CompletableFuture.completedFuture(event);
  }

  @Override
  public long workMicros(Description output) {
    return output.parts().stream()
        .map(PartProvenance::provenance)
        .mapToLong(provenance -> sum(provenance.timings()))
        .sum();
  }

  @Override
  public CompletableFuture<Description> process(ImageEvent input, ImageWork work) {
    Parts parts = Parts.of(options.models(), work, input);
    return work.cut(input, picture -> Views.of(picture, parts, options.maxRegions()))
        .thenCompose(cut -> new PictureDescriber(options, text, parts, cut).describe());
  }

  private static long sum(StageTimings timings) {
    return timings.readMicros()
        + timings.sliceMicros()
        + timings.encodeMicros()
        + timings.decodeMicros();
  }
}
