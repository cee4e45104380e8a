package dev.sluice.models.families.parts;

import dev.sluice.models.ImageCosts;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.ModelDescription;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;

/**
 * A family whose folders hold everything in one checkpoint: it reads a configuration and composes
 * parts; leasing, opening and clean-up are done here. Immutable.
 *
 * @param <C> what it reads from the folder
 */
public abstract class ComposedFamily<C extends FamilyConfig> implements ModelFamily {

  /**
   * Reads the configuration.
   *
   * @param headers the checkpoint's tensors by name and shape
   */
  protected abstract C config(ModelDirectory directory, Weights headers);

  /** Puts the model together; what it opens is added to the assembly's resources. */
  protected abstract VisionLanguageModel compose(C config, Assembly assembly);

  /**
   * Opens the checkpoint.
   *
   * @throws dev.sluice.models.weights.WeightsException if a file is missing or not what it claims
   */
  protected Weights open(ModelDirectory directory, Device device, Dtype dtype) {
    return directory.weights(device, dtype);
  }

  /** Parameters of parts that lie outside the checkpoint. */
  protected long extraParameters(ModelDirectory directory, Weights headers) {
    return 0;
  }

  @Override
  public final ImageCosts costs(ModelDirectory directory, LoadOptions options) {
    return describe(directory, options).costs();
  }

  @Override
  public final ModelDescription describe(ModelDirectory directory, LoadOptions options) {
    Dtype dtype = ComputeType.of(directory.config(), options);
    try (Weights headers = open(directory, Device.CPU, dtype)) {
      C config = config(directory, headers);
      long parameters = headers.parameters() + extraParameters(directory, headers);
      return new ModelDescription(
          name(),
          config.revision(),
          config.capabilities(),
          Prompt.modelsOwn(config.captionPrompt()),
          dtype,
          parameters,
          parameters * dtype.bytes(),
          config.kvBytesPerToken(dtype),
          config.costs(dtype),
          config.arithmetic());
    }
  }

  @Override
  public final VisionLanguageModel load(
      ModelDirectory directory, LoadOptions options, MemoryLedger ledger) {
    ModelDescription description = describe(directory, options);
    Resources resources = new Resources();
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      resources.add(ledger.lease("weights", description.weightsBytes()));
      Weights weights = resources.add(open(directory, options.device(), description.dtype()));
      Assembly assembly = new Assembly(directory, options, ledger, description, weights, resources);
      return compose(config(directory, weights), assembly);
    } catch (RuntimeException e) {
      resources.close();
      throw e;
    }
  }
}
