package dev.sluice.operators.stage;

import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.image.PictureSlicer;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.operators.device.ModelHandle;
import dev.sluice.operators.device.ModelTeam;
import dev.sluice.operators.device.Subject;
import dev.sluice.operators.fetch.FetchHandle;
import dev.sluice.operators.memory.Admission;
import dev.sluice.operators.reuse.Leads;
import dev.sluice.operators.reuse.Reuse;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Rejection.Category;
import dev.sluice.serde.SlicedImage;
import dev.sluice.serde.StageTimings;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The work that operators ask for on behalf of a picture: fetching on threads that may wait,
 * slicing on the decoding threads, all else on the device thread. Thread-safe.
 */
public final class ImageWork {
  private final ModelTeam models;
  private final FetchHandle fetching;
  private final SliceBudget budget;
  private final long maxBytes;
  private final BooleanSupplier abandoned;
  private final @Nullable Sparing sparing;

  /**
   * @param fetching for pictures that come by reference
   * @param budget of slices
   * @param maxBytes largest encoded picture
   * @param abandoned whether the results are no longer wanted
   */
  ImageWork(
      ModelTeam models,
      FetchHandle fetching,
      SliceBudget budget,
      long maxBytes,
      BooleanSupplier abandoned) {
    this(models, fetching, budget, maxBytes, abandoned, null);
  }

  private ImageWork(
      ModelTeam models,
      FetchHandle fetching,
      SliceBudget budget,
      long maxBytes,
      BooleanSupplier abandoned,
      @Nullable Sparing sparing) {
    this.models = models;
    this.fetching = fetching;
    this.budget = budget;
    this.maxBytes = maxBytes;
    this.abandoned = abandoned;
    this.sparing = sparing;
  }

  /**
   * The same for one picture, which may be spared.
   *
   * @param admission covers the picture; shrinks where it is spared
   */
  ImageWork sparing(Reuse reuse, Admission admission) {
    return new ImageWork(
        models, fetching, budget, maxBytes, abandoned, new Sparing(reuse, admission));
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
   * bytes are not kept: the event that goes on says what was found, by hash and length. A late one
   * is cut into fewer slices, where that is wanted.
   */
  public CompletableFuture<SlicedImage> slice(ImageEvent event) {
    return onceRead(event, (read, encoded) -> sliceNow(limited(read), encoded));
  }

  /** As {@link #slice}, but uncut where all who want the picture know what comes of it. */
  public CompletableFuture<SlicedImage> sliceUnlessKnown(ImageEvent event) {
    return sparing == null
        ? slice(event)
        : onceRead(event, (read, encoded) -> sliceNowUnlessKnown(limited(read), encoded));
  }

  /** As {@link #slice}, read exactly and cut as the caller wants it. */
  public <T> CompletableFuture<Cut<T>> cut(ImageEvent event, Cutter<RgbImage, T> cutter) {
    return onceRead(
        event,
        (read, encoded) ->
            cutNow(
                read, () -> model().slicer().read(encoded, event.picture().mediaType()), cutter));
  }

  /** Runs on a decoding thread, once the encoded picture is there and is what was declared. */
  private <T> CompletableFuture<T> onceRead(
      ImageEvent event, BiFunction<ImageEvent, byte[], T> work) {
    if (event.defect() != null) {
      return CompletableFuture.failedFuture(
          new ImageRejectedException(Category.MALFORMED_RECORD, event.defect()));
    }
    Picture picture = event.picture();
    byte[] bytes = picture.bytes();
    return bytes != null
        ? onDecodingThread(event, () -> work.apply(checked(event, bytes), bytes))
        : fetching
            .fetch(picture, maxBytes, abandoned)
            .thenCompose(
                found -> {
                  // What was fetched has been compared where it was fetched.
                  ImageEvent pinned = event.with(found.pinned(picture));
                  return onDecodingThread(pinned, () -> work.apply(pinned, found.bytes()));
                });
  }

  private <T> CompletableFuture<T> onDecodingThread(ImageEvent event, Supplier<T> work) {
    return model().slice(subject(event), work::get);
  }

  /** Turns the slices into visual tokens. */
  public CompletableFuture<EncodedImage> encode(SlicedImage sliced) {
    return model()
        .encode(sliced.requirePicture(), subject(sliced.event()))
        .thenApply(
            tokens -> {
              StageTimings before = sliced.timings();
              StageTimings timings =
                  new StageTimings(before.readMicros(), before.sliceMicros(), tokens.micros(), 0);
              return new EncodedImage(sliced.event(), tokens.value(), model().info(), timings);
            });
  }

  /** An event that goes on without tokens. */
  public EncodedImage uncut(ImageEvent event) {
    return new EncodedImage(event, null, model().info(), StageTimings.NONE);
  }

  private ImageEvent limited(ImageEvent event) {
    return budget.limit(event, model().slicer().maxSlices(), Instant.now());
  }

  private SlicedImage sliceNowUnlessKnown(ImageEvent event, byte[] encoded) {
    Sparing known = Objects.requireNonNull(sparing, "sparing");
    Optional<Leads> leads = known.reuse.lead(event, known.admission);
    if (leads.isEmpty()) {
      known.admission.shrinkTo(bytesInState(event));
      return SlicedImage.uncut(event);
    }
    try {
      return sliceNow(event, encoded);
    } catch (ImageRejectedException e) {
      leads.get().reject(e.at(Rejection.Stage.SLICE));
      throw e;
    }
  }

  private SlicedImage sliceNow(ImageEvent event, byte[] encoded) {
    PictureSlicer slicer = model().slicer();
    int slices = event.request().maxSlices();
    Cut<SlicedPicture> cut =
        cutNow(
            event,
            () -> slicer.readToSlice(encoded, event.picture().mediaType()),
            picture -> slices == 0 ? slicer.slice(picture) : slicer.slice(picture, slices));
    return new SlicedImage(cut.event(), cut.value(), cut.timings());
  }

  private static <P, T> Cut<T> cutNow(ImageEvent event, Reading<P> reading, Cutter<P, T> cutter) {
    Deadline.requireBefore(event);
    long start = System.nanoTime();
    try {
      P picture = reading.read();
      long read = System.nanoTime();
      T value = cutter.cut(picture);
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

  /** The event, with its picture's hash where it was needed. */
  private ImageEvent checked(ImageEvent event, byte[] encoded) {
    if (encoded.length > maxBytes) {
      throw new ImageRejectedException(
          Category.TOO_LARGE,
          "picture: expected at most %d bytes (sluice.image.max-bytes), found %d"
              .formatted(maxBytes, encoded.length));
    }
    String declared = event.picture().sha256();
    if (declared == null && sparing == null) {
      return event;
    }
    String found = Objects.requireNonNull(event.picture().contentSha256(), "hash of the bytes");
    if (declared != null && !declared.equalsIgnoreCase(found)) {
      throw new ImageRejectedException(
          Category.MALFORMED_RECORD,
          "picture of %d bytes: its sha256 is not the declared one".formatted(encoded.length));
    }
    return event.with(event.picture().withSha256(found));
  }

  /** What an event holds of its picture while it is not worked on. */
  static long bytesInState(ImageEvent event) {
    byte[] bytes = event.picture().bytes();
    return bytes == null ? 0 : bytes.length;
  }

  private static Category categoryOf(PictureRejectedException.Reason reason) {
    return switch (reason) {
      case UNREADABLE_IMAGE -> Category.UNREADABLE_IMAGE;
      case TOO_LARGE -> Category.TOO_LARGE;
      case UNSUPPORTED -> Category.UNSUPPORTED;
    };
  }

  /** From a file to pixels. */
  @FunctionalInterface
  private interface Reading<P> {
    P read() throws PictureRejectedException;
  }

  /** Makes what is wanted of a picture's pixels, and lets them go. */
  @FunctionalInterface
  public interface Cutter<P, T> {
    /**
     * @throws PictureRejectedException if the picture's shape cannot be cut
     */
    T cut(P picture) throws PictureRejectedException;
  }

  /** What was made of an event's picture. Immutable where the value is. */
  public record Cut<T>(ImageEvent event, T value, StageTimings timings) {}

  private record Sparing(Reuse reuse, Admission admission) {}
}
