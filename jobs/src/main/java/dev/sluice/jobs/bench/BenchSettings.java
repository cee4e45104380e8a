package dev.sluice.jobs.bench;

import dev.sluice.models.LoadOptions;
import java.nio.file.Path;
import java.util.List;

/**
 * What is measured with. Immutable.
 *
 * @param folder of the model
 * @param batches pictures at once, each measured by itself
 * @param repeats passes over all pictures that are counted; the figure is their median
 * @param newTokens of each text
 */
public record BenchSettings(
    Path folder, LoadOptions load, List<Integer> batches, int repeats, int newTokens) {
  public BenchSettings {
    batches = List.copyOf(batches);
  }
}
