package dev.sluice.operators;

import java.io.Serializable;

/**
 * Names a model folder and how to load it; the weights load once per process, where they are first
 * needed. Immutable.
 *
 * @param path a folder as published, readable on every TaskManager
 */
public record ModelRef(String path, ModelOptions options, ModelLoader loader)
    implements Serializable {

  /** A model with the documented options. */
  public static ModelRef of(String path) {
    return of(path, ModelOptions.DEFAULTS);
  }

  public static ModelRef of(String path, ModelOptions options) {
    return new ModelRef(path, options, EngineLoader.ENGINE);
  }

  /** The same model, loaded by something else than the engine of this project. */
  public ModelRef loadedBy(ModelLoader other) {
    return new ModelRef(path, options, other);
  }

  @Override
  public String toString() {
    return path + " on " + options.device();
  }
}
