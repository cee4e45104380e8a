package dev.sluice.models;

import dev.sluice.models.image.ImageLimits;
import dev.sluice.models.image.PictureDetail;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.value.Dtype;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a model is loaded. Immutable.
 *
 * @param dtype what to compute in; empty for the checkpoint's own type
 * @param kvCacheBytes size of the key-value pool; 0 for as much as {@code sequences} need
 * @param sequences most texts that are generated at once
 * @param positionsPerStep most positions of one step of the language model
 * @param threads threads of one operation on the processor; 0 for all processors
 * @param preResize what the longer side of a picture is brought to before it is sliced, pixels; 0
 *     for not at all, empty for what the family or folder says
 * @param pictureDetail how exactly pictures are read that are made smaller
 * @param imageLimits what a picture may say of itself before anything of it is decoded
 */
public record LoadOptions(
    Device device,
    Optional<Dtype> dtype,
    long kvCacheBytes,
    int sequences,
    int positionsPerStep,
    int threads,
    OptionalInt preResize,
    PictureDetail pictureDetail,
    ImageLimits imageLimits) {
  private static final int SEQUENCES = 32;
  private static final int POSITIONS_PER_STEP = 2048;

  /** The processor, the checkpoint's type, 32 texts at once, steps of 2048 positions. */
  public static final LoadOptions DEFAULTS =
      new LoadOptions(
          Device.CPU,
          Optional.empty(),
          0,
          SEQUENCES,
          POSITIONS_PER_STEP,
          0,
          OptionalInt.empty(),
          PictureDetail.EXACT,
          ImageLimits.DEFAULT);

  public LoadOptions {
    if (kvCacheBytes < 0 || sequences < 1 || positionsPerStep < sequences || threads < 0) {
      throw new IllegalArgumentException(
          ("load options: expected kv-cache >= 0, 1 <= sequences <= positions-per-step, threads >="
                  + " 0; found %d, %d, %d, %d")
              .formatted(kvCacheBytes, sequences, positionsPerStep, threads));
    }
  }

  public LoadOptions withDevice(Device other) {
    return new LoadOptions(
        other,
        dtype,
        kvCacheBytes,
        sequences,
        positionsPerStep,
        threads,
        preResize,
        pictureDetail,
        imageLimits);
  }

  public LoadOptions withDtype(Dtype other) {
    return new LoadOptions(
        device,
        Optional.of(other),
        kvCacheBytes,
        sequences,
        positionsPerStep,
        threads,
        preResize,
        pictureDetail,
        imageLimits);
  }

  public LoadOptions withKvCacheBytes(long bytes) {
    return new LoadOptions(
        device,
        dtype,
        bytes,
        sequences,
        positionsPerStep,
        threads,
        preResize,
        pictureDetail,
        imageLimits);
  }

  public LoadOptions withSequences(int other) {
    return new LoadOptions(
        device,
        dtype,
        kvCacheBytes,
        other,
        positionsPerStep,
        threads,
        preResize,
        pictureDetail,
        imageLimits);
  }

  public LoadOptions withPositionsPerStep(int other) {
    return new LoadOptions(
        device,
        dtype,
        kvCacheBytes,
        sequences,
        other,
        threads,
        preResize,
        pictureDetail,
        imageLimits);
  }

  public LoadOptions withThreads(int other) {
    return new LoadOptions(
        device,
        dtype,
        kvCacheBytes,
        sequences,
        positionsPerStep,
        other,
        preResize,
        pictureDetail,
        imageLimits);
  }

  /** 0 for not at all. */
  public LoadOptions withPreResize(int pixels) {
    return new LoadOptions(
        device,
        dtype,
        kvCacheBytes,
        sequences,
        positionsPerStep,
        threads,
        OptionalInt.of(pixels),
        pictureDetail,
        imageLimits);
  }

  public LoadOptions withPictureDetail(PictureDetail other) {
    return new LoadOptions(
        device,
        dtype,
        kvCacheBytes,
        sequences,
        positionsPerStep,
        threads,
        preResize,
        other,
        imageLimits);
  }

  public LoadOptions withImageLimits(ImageLimits limits) {
    return new LoadOptions(
        device,
        dtype,
        kvCacheBytes,
        sequences,
        positionsPerStep,
        threads,
        preResize,
        pictureDetail,
        limits);
  }
}
