package dev.sluice.benchmarks;

import dev.sluice.models.image.ImageLimits;
import dev.sluice.models.image.ImageReader;
import dev.sluice.models.image.ImageSlicer;
import dev.sluice.models.image.Orientation;
import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.image.PictureSlicer;
import dev.sluice.models.image.SliceStrategy;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Sends broken pictures through reader and slicer, one by one. Used by one thread. */
final class FuzzRun {
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final PictureMutator mutator;
  private final PictureSlicer slicer =
      new ImageSlicer(
          new ImageReader(ImageLimits.DEFAULT, Orientation.APPLY),
          SliceStrategy.LLAVA_UHD.planner());
  private final Map<PictureRejectedException.Reason, Long> rejected =
      new EnumMap<>(PictureRejectedException.Reason.class);
  private long results;
  private long slow;
  private long slowestNanos;
  private long slowest = -1;

  FuzzRun(PictureMutator mutator) {
    this.mutator = mutator;
  }

  /**
   * One input: a result or a rejection.
   *
   * @throws IllegalStateException if it is neither
   */
  void run(long number) {
    byte[] file = mutator.mutant(number);
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    try {
      slicer.slice(slicer.read(file));
      results++;
    } catch (PictureRejectedException e) {
      rejected.merge(e.reason(), 1L, Long::sum);
    } catch (RuntimeException | Error e) {
      throw new IllegalStateException("input %d (%d bytes)".formatted(number, file.length), e);
    }
    // Processor time: the machine may be busy with something else.
    time(number, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
  }

  private void time(long number, long nanos) {
    if (nanos > SLOW_NANOS) {
      slow++;
    }
    if (nanos > slowestNanos) {
      slowestNanos = nanos;
      slowest = number;
    }
  }

  long results() {
    return results;
  }

  long rejections() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Inputs of more than five seconds. */
  long slow() {
    return slow;
  }

  String summary() {
    return "%d results, rejected %s, slowest %.2f s (input %d)"
        .formatted(results, rejected, slowestNanos / 1e9, slowest);
  }
}
