package dev.sluice.models;

import dev.sluice.models.families.FamilyRegistry;
import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.TraceTensor;
import dev.sluice.models.weights.ModelDirectory;
import java.nio.file.Path;
import java.util.Map;

/** Opens model folders. Stateless. */
public final class Models {
  private Models() {}

  /**
   * Loads a folder as published. Call it on the device thread, which owns the model from then on.
   *
   * @param ledger gives the long leases {@code weights} and {@code kv-cache} before memory is used
   * @throws dev.sluice.models.families.UnknownFamilyException if no family fits the folder
   * @throws dev.sluice.models.weights.WeightsException if a file or a tensor is missing or wrong
   * @throws dev.sluice.models.memory.NoRoomException if the ledger has no room
   */
  public static VisionLanguageModel load(Path folder, LoadOptions options, MemoryLedger ledger) {
    initialise(options);
    ModelDirectory directory = ModelDirectory.open(folder);
    return FamilyRegistry.of(directory).load(directory, options, ledger);
  }

  /**
   * Sets up libtorch as loading a model would, for what computes without one. The first call in a
   * process wins.
   *
   * @return the threads of one operation
   */
  public static int initialise(LoadOptions options) {
    return options.threads() == 0
        ? TorchRuntime.initialise()
        : TorchRuntime.initialise(options.threads());
  }

  /** What a folder holds and needs, without reading its weights' content; from any thread. */
  public static ModelDescription describe(Path folder, LoadOptions options) {
    ModelDirectory directory = ModelDirectory.open(folder);
    return FamilyRegistry.of(directory).describe(directory, options);
  }

  /** Memory of the device that the model would be loaded on, in bytes; from any thread. */
  public static long deviceBytes(LoadOptions options) {
    return options.device().memoryBytes();
  }

  /** What one picture needs at the most, before the model is loaded; from any thread. */
  public static ImageCosts costs(Path folder, LoadOptions options) {
    ModelDirectory directory = ModelDirectory.open(folder);
    return FamilyRegistry.of(directory).costs(directory, options);
  }

  /**
   * Runs one picture and one prompt and shows every stage.
   *
   * @param picture an encoded picture
   * @throws UnsupportedOperationException if the family cannot show its stages
   */
  public static Map<String, TraceTensor> trace(
      VisionLanguageModel model, byte[] picture, TracePrompt prompt, int maxNewTokens)
      throws PictureRejectedException {
    Traceable traceable =
        model
            .traceable()
            .orElseThrow(
                () ->
                    new UnsupportedOperationException(
                        "family " + model.info().family() + " does not show its stages"));
    return traceable.trace(model.slicer().slice(picture), prompt, maxNewTokens);
  }
}
