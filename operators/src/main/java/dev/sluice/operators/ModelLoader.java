package dev.sluice.operators;

import dev.sluice.models.ImageCosts;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * Where models come from; the engine of this project unless {@link ModelRef#loadedBy} says
 * otherwise. Immutable, and equal to its like: operators that name equal models share one.
 */
@Internal
public interface ModelLoader extends Serializable {

  /**
   * Loads the weights; called on the device thread, which also closes the model.
   *
   * @param ledger where weights and key-value pool take long leases before they are loaded
   * @throws IOException if the folder cannot be read, with the reason
   */
  VisionLanguageModel load(ModelRef model, MemoryLedger ledger) throws IOException;

  /**
   * What one picture needs, without loading weights.
   *
   * @throws IOException if the folder cannot be read, with the reason
   */
  ImageCosts costs(ModelRef model) throws IOException;

  /** How much memory the device has. */
  long deviceBytes(String device);
}
