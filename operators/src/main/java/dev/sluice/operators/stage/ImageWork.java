package dev.sluice.operators.stage;

import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.value.RgbImage;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.operators.device.ModelHandle;
import dev.sluice.operators.device.ModelTeam;
import dev.sluice.operators.device.Subject;
import dev.sluice.operators.fetch.FetchHandle;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Rejection.Category;
import dev.sluice.serde.Sha256;
import dev.sluice.serde.SlicedImage;
import dev.sluice.serde.StageTimings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The work that operators ask for on behalf of a picture: fetching on threads that may wait,
 * slicing on the decoding threads, all else on the device thread. Thread-safe.
 */
public final class ImageWork {
  private final ModelTeam models;
  private final FetchHandle fetching;
  private final long maxBytes;
  private final BooleanSupplier abandoned;

  /**
   * @param fetching for pictures that come by reference
   * @param maxBytes largest encoded picture
   * @param abandoned whether the results are no longer wanted
   */
  ImageWork(ModelTeam models, FetchHandle fetching, long maxBytes, BooleanSupplier abandoned) {
    this.models = models;
    this.fetching = fetching;
    this.maxBytes = maxBytes;
    this.abandoned = abandoned;
  }

  /** The model that does it. */
  public ModelHandle model() {
    return models.first();
  }

  /** One of several that do it. */
  public ModelHandle model(ModelRef model) {
    return models.of(model);
  }

  /** Says for which picture work is asked for. */
  public Subject subject(ImageEvent event) {
    return new Subject(event, abandoned);
  }

  /**
   * Reads and cuts the event's picture, which is fetched first where it comes by reference. Its
   * bytes are not kept: the event that goes on says what was found, by hash and length.
   */
  public CompletableFuture<SlicedImage> slice(ImageEvent event) {
    return cut(event, picture -> model().slicer().slice(picture))
        .thenApply(cut -> new SlicedImage(cut.event(), cut.value(), cut.timings()));
  }

  /** As {@link #slice}, cut as the caller wants it. */
  public <T> CompletableFuture<Cut<T>> cut(ImageEvent event, Cutter<T> cutter) {
    if (event.defect() != null) {
      return CompletableFuture.failedFuture(
          new ImageRejectedException(Category.MALFORMED_RECORD, event.defect()));
    }
    Picture picture = event.picture();
    byte[] bytes = picture.bytes();
    return bytes != null
        ? cut(event, bytes, cutter)
        : fetching
            .fetch(picture, maxBytes, abandoned)
            .thenCompose(found -> cut(event.with(found.pinned(picture)), found.bytes(), cutter));
  }

  private <T> CompletableFuture<Cut<T>> cut(ImageEvent event, byte[] encoded, Cutter<T> cutter) {
    return model().slice(subject(event), () -> cutNow(event, encoded, cutter));
  }

  /** Turns the slices into visual tokens. */
  public CompletableFuture<EncodedImage> encode(SlicedImage sliced) {
    return model()
        .encode(sliced.picture(), subject(sliced.event()))
        .thenApply(
            tokens -> {
              StageTimings before = sliced.timings();
              StageTimings timings =
                  new StageTimings(before.readMicros(), before.sliceMicros(), tokens.micros(), 0);
              return new EncodedImage(sliced.event(), tokens.value(), model().info(), timings);
            });
  }

  private <T> Cut<T> cutNow(ImageEvent event, byte[] encoded, Cutter<T> cutter) {
    Deadline.requireBefore(event);
    checkEncoded(event.picture(), encoded);
    long start = System.nanoTime();
    try {
      RgbImage whole = model().slicer().read(encoded, event.picture().mediaType());
      long read = System.nanoTime();
      T value = cutter.cut(whole);
      long cut = System.nanoTime();
      StageTimings timings =
          new StageTimings(
              TimeUnit.NANOSECONDS.toMicros(read - start),
              TimeUnit.NANOSECONDS.toMicros(cut - read),
              0,
              0);
      return new Cut<>(event, value, timings);
    } catch (PictureRejectedException e) {
      throw new ImageRejectedException(categoryOf(e.reason()), String.valueOf(e.getMessage()));
    }
  }

  private void checkEncoded(Picture picture, byte[] encoded) {
    if (encoded.length > maxBytes) {
      throw new ImageRejectedException(
          Category.TOO_LARGE,
          "picture: expected at most %d bytes (sluice.image.max-bytes), found %d"
              .formatted(maxBytes, encoded.length));
    }
    String declared = picture.sha256();
    // What was fetched has been compared where it was fetched.
    if (declared != null && picture.uri() == null && !isHashOf(declared, encoded)) {
      throw new ImageRejectedException(
          Category.MALFORMED_RECORD,
          "picture of %d bytes: its sha256 is not the declared one".formatted(encoded.length));
    }
  }

  private static boolean isHashOf(String declared, byte[] encoded) {
    return declared.equalsIgnoreCase(Sha256.hexOf(encoded));
  }

  private static Category categoryOf(PictureRejectedException.Reason reason) {
    return switch (reason) {
      case UNREADABLE_IMAGE -> Category.UNREADABLE_IMAGE;
      case TOO_LARGE -> Category.TOO_LARGE;
      case UNSUPPORTED -> Category.UNSUPPORTED;
    };
  }

  /** Makes what is wanted of a picture's pixels, and lets them go. */
  @FunctionalInterface
  public interface Cutter<T> {
    /**
     * @throws PictureRejectedException if the picture's shape cannot be cut
     */
    T cut(RgbImage picture) throws PictureRejectedException;
  }

  /** What was made of an event's picture. Immutable where the value is. */
  public record Cut<T>(ImageEvent event, T value, StageTimings timings) {}
}
