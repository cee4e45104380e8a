package dev.sluice.operators.encode;

import dev.sluice.operators.stage.ImageWork;
import dev.sluice.operators.stage.Stage;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.SlicedImage;
import java.util.concurrent.CompletableFuture;

/** Encodes slices and resamples them to visual tokens, on the device. Immutable. */
public final class EncodeStage implements Stage<SlicedImage, EncodedImage> {
  private static final long serialVersionUID = 1L;

  @Override
  public Rejection.Stage stage() {
    return Rejection.Stage.ENCODE;
  }

  @Override
  public int laterSteps() {
    return 1;
  }

  @Override
  public long workMicros(EncodedImage output) {
    return output.timings().encodeMicros();
  }

  @Override
  public ImageEvent event(SlicedImage input) {
    return input.event();
  }

  @Override
  public CompletableFuture<SlicedImage> recover(ImageEvent event, ImageWork work) {
    return work.sliceUnlessKnown(event);
  }

  @Override
  public CompletableFuture<EncodedImage> process(SlicedImage input, ImageWork work) {
    // Who waits for the result of another event needs no tokens.
    return input.picture() == null
        ? CompletableFuture.completedFuture(work.uncut(input.event()))
        : work.encode(input);
  }
}
