package dev.sluice.operators.slice;

import dev.sluice.models.value.SlicedPicture;
import dev.sluice.operators.device.ModelHandle;
import dev.sluice.operators.stage.ImageWork;
import dev.sluice.operators.stage.Stage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.SlicedImage;
import java.util.concurrent.CompletableFuture;

/** Reads a picture and cuts it as the model wants it. Immutable. */
public final class SliceStage implements Stage<ImageEvent, SlicedImage> {
  private static final long serialVersionUID = 1L;

  @Override
  public Rejection.Stage stage() {
    return Rejection.Stage.SLICE;
  }

  @Override
  public int laterSteps() {
    return 2;
  }

  @Override
  public long workMicros(SlicedImage output) {
    return output.timings().readMicros() + output.timings().sliceMicros();
  }

  @Override
  public boolean isDegraded(SlicedImage output) {
    SlicedPicture picture = output.picture();
    return picture != null && picture.plan().isDegraded();
  }

  @Override
  public long sparedBytes(SlicedImage output, ModelHandle model) {
    SlicedPicture picture = output.picture();
    int mostSlices = model.slicer().maxSlices();
    return picture == null || mostSlices == 0
        ? 0
        : model.costs().sparedBytes(picture.plan().tileCount(), mostSlices + 1);
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
  public CompletableFuture<SlicedImage> process(ImageEvent input, ImageWork work) {
    return work.sliceUnlessKnown(input);
  }
}
