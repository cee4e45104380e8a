package dev.sluice.operators;

import dev.sluice.models.ImageCosts;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.image.ImageLimits;
import dev.sluice.models.image.PictureDetail;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.tensor.Device;
import java.nio.file.Path;
import org.apache.flink.configuration.MemorySize;

/** The engine of this project. Immutable. */
enum EngineLoader implements ModelLoader {
  ENGINE;

  @Override
  public VisionLanguageModel load(ModelRef model, MemoryLedger ledger) {
    return Models.load(Path.of(model.path()), loadOptions(model.options()), ledger);
  }

  @Override
  public ImageCosts costs(ModelRef model) {
    return Models.costs(Path.of(model.path()), loadOptions(model.options()));
  }

  @Override
  public long deviceBytes(String device) {
    try {
      return Device.parse(device).memoryBytes();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("sluice.memory.budget: " + e.getMessage(), e);
    }
  }

  static LoadOptions loadOptions(ModelOptions options) {
    ImageLimits limits = ImageLimits.DEFAULT;
    MemorySize kvCache = options.generation().kvCache();
    LoadOptions load =
        LoadOptions.DEFAULTS
            .withDevice(Device.parse(options.device()))
            .withSequences(options.generation().sequences())
            .withKvCacheBytes(kvCache == null ? 0 : kvCache.getBytes())
            .withThreads(options.threads().device())
            .withPictureDetail(
                options.imageLimits().exact() ? PictureDetail.EXACT : PictureDetail.SCALED)
            .withImageLimits(
                new ImageLimits(
                    options.imageLimits().maxBytes(),
                    options.imageLimits().maxPixels(),
                    limits.maxSide(),
                    limits.maxAspectRatio()));
    Integer preResize = options.imageLimits().preResize();
    if (preResize != null) {
      load = load.withPreResize(preResize);
    }
    return options.dtype() == null ? load : load.withDtype(options.dtype());
  }
}
