package dev.sluice.models.families.parts;

import dev.sluice.models.ImageCosts;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.ModelDescription;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;

/** A kind of model folder. Immutable. */
public interface ModelFamily {

  /** For example {@code llava-uhd}. */
  String name();

  /** Whether a folder with this {@code config.json} is of this family. */
  boolean matches(ModelConfig config);

  /** What a picture needs; reads configuration only. */
  ImageCosts costs(ModelDirectory directory, LoadOptions options);

  /** What the folder holds; reads configuration and the weight files' headers. */
  ModelDescription describe(ModelDirectory directory, LoadOptions options);

  /** Loads the model; memory is leased before it is used. Runs on the device thread. */
  VisionLanguageModel load(ModelDirectory directory, LoadOptions options, MemoryLedger ledger);
}
