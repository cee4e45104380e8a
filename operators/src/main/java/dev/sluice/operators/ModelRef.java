package dev.sluice.operators;

import java.io.Serializable;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Names a model folder and how to load it; the weights load once per process, where they are first
 * needed. Immutable.
 *
 * @param path a folder as published, readable on every TaskManager
 */
@PublicEvolving
public record ModelRef(String path, ModelOptions options, @Internal ModelLoader loader)
    implements Serializable {

  /** With a loader; {@link #of} is for everybody else. */
  @Internal
  public ModelRef {}

  /** A model with the documented options. */
  public static ModelRef of(String path) {
    return of(path, ModelOptions.DEFAULTS);
  }

  public static ModelRef of(String path, ModelOptions options) {
    return new ModelRef(path, options, EngineLoader.ENGINE);
  }

  /** The same model, loaded by something else than the engine of this project. */
  @Internal
  public ModelRef loadedBy(ModelLoader other) {
    return new ModelRef(path, options, other);
  }

  @Override
  public String toString() {
    return path + " on " + options.device();
  }
}
