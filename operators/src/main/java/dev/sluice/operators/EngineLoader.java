package dev.sluice.operators;

import com.sun.management.OperatingSystemMXBean;
import dev.sluice.models.ImageCosts;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** The engine of this project. Immutable. */
enum EngineLoader implements ModelLoader {
  ENGINE;

  @Override
  public VisionLanguageModel load(ModelRef model, MemoryLedger ledger) throws IOException {
    throw new IOException("model " + model + ": the engine is not part of this build yet");
  }

  @Override
  public ImageCosts costs(ModelRef model) throws IOException {
    throw new IOException("model " + model + ": the engine is not part of this build yet");
  }

  @Override
  public long deviceBytes(String device) {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
