package dev.sluice.operators.stage;

import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.operators.device.ModelHandle;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Rejection.Category;
import dev.sluice.serde.SlicedImage;
import dev.sluice.serde.StageTimings;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The work that operators ask for on behalf of a picture: slicing on the decoding threads, all else
 * on the device thread. Thread-safe.
 */
public final class ImageWork {
  private final ModelHandle model;
  private final long maxBytes;
  private final BooleanSupplier abandoned;

  /**
   * @param maxBytes largest encoded picture
   * @param abandoned whether the results are no longer wanted
   */
  ImageWork(ModelHandle model, long maxBytes, BooleanSupplier abandoned) {
    this.model = model;
    this.maxBytes = maxBytes;
    this.abandoned = abandoned;
  }

  /** The model that does it. */
  public ModelHandle model() {
    return model;
  }

  /** To be asked before work that has not begun. */
  public BooleanSupplier abandoned() {
    return abandoned;
  }

  /** Reads and cuts the event's picture. */
  public CompletableFuture<SlicedImage> slice(ImageEvent event) {
    CompletableFuture<SlicedImage> result = new CompletableFuture<>();
    model
        .slicing()
        .execute(
            () -> {
              try {
                result.complete(sliceNow(event));
              } catch (Throwable failure) {
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  /** Turns the slices into visual tokens. */
  public CompletableFuture<EncodedImage> encode(SlicedImage sliced) {
    return model
        .encode(sliced.picture(), abandoned)
        .thenApply(
            tokens -> {
              StageTimings before = sliced.timings();
              StageTimings timings =
                  new StageTimings(before.readMicros(), before.sliceMicros(), tokens.micros(), 0);
              return new EncodedImage(sliced.event(), tokens.value(), model.info(), timings);
            });
  }

  private SlicedImage sliceNow(ImageEvent event) throws CancellationException {
    if (abandoned.getAsBoolean()) {
      throw new CancellationException("the operator was closed");
    }
    byte[] encoded = encodedPicture(event);
    long start = System.nanoTime();
    try {
      RgbImage whole = model.slicer().read(encoded);
      long read = System.nanoTime();
      SlicedPicture picture = model.slicer().slice(whole);
      long cut = System.nanoTime();
      StageTimings timings =
          new StageTimings(
              TimeUnit.NANOSECONDS.toMicros(read - start),
              TimeUnit.NANOSECONDS.toMicros(cut - read),
              0,
              0);
      return new SlicedImage(event, picture, timings);
    } catch (PictureRejectedException e) {
      throw new ImageRejectedException(categoryOf(e.reason()), String.valueOf(e.getMessage()));
    }
  }

  private byte[] encodedPicture(ImageEvent event) {
    if (event.defect() != null) {
      throw new ImageRejectedException(Category.MALFORMED_RECORD, event.defect());
    }
    Picture picture = event.picture();
    byte[] bytes = picture.bytes();
    if (bytes == null) {
      throw new ImageRejectedException(
          Category.FETCH_FAILED,
          "the picture is given by reference, and fetching is not supported yet; send its bytes");
    }
    if (bytes.length > maxBytes) {
      throw new ImageRejectedException(
          Category.TOO_LARGE,
          "picture: expected at most %d bytes (sluice.image.max-bytes), found %d"
              .formatted(maxBytes, bytes.length));
    }
    return bytes;
  }

  private static Category categoryOf(PictureRejectedException.Reason reason) {
    return switch (reason) {
      case UNREADABLE_IMAGE -> Category.UNREADABLE_IMAGE;
      case TOO_LARGE -> Category.TOO_LARGE;
      case UNSUPPORTED -> Category.UNSUPPORTED;
    };
  }
}
