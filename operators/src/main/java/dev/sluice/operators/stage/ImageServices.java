package dev.sluice.operators.stage;

import dev.sluice.models.memory.LeaseRequest.Precedence;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.Workload;
import dev.sluice.operators.device.DeviceRuntime;
import dev.sluice.operators.device.ModelTeam;
import dev.sluice.operators.fetch.FetchHandle;
import dev.sluice.operators.memory.AdmissionDesk;
import dev.sluice.operators.memory.ImageBytes;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** What an operator or a function uses of its process. Owned by the task thread. */
public final class ImageServices implements AutoCloseable {
  private final DeviceRuntime runtime;
  private final ModelTeam models;
  private final AdmissionDesk desk;
  private final FetchHandle fetching;
  private final ImageWork work;

  private ImageServices(
      DeviceRuntime runtime,
      ModelTeam models,
      AdmissionDesk desk,
      FetchHandle fetching,
      ImageWork work) {
    this.runtime = runtime;
    this.models = models;
    this.desk = desk;
    this.fetching = fetching;
    this.work = work;
  }

  /**
   * Becomes a user of the device and of the models, and waits until they are loaded.
   *
   * @param laterSteps steps after this one, which may run in other tasks
   * @param abandoned whether results are no longer wanted
   * @throws IOException if a model cannot be loaded, with the reason
   */
  public static ImageServices open(
      Workload workload, VisionOptions options, int laterSteps, BooleanSupplier abandoned)
      throws IOException, InterruptedException {
    DeviceRuntime runtime = DeviceRuntime.of(workload.first());
    try {
      ModelTeam models = ModelTeam.acquire(runtime, workload);
      try {
        long maxBytes = workload.first().options().imageLimits().maxBytes();
        ImageBytes image = new ImageBytes(models.pictureBytes(), maxBytes, laterSteps);
        Precedence precedence =
            laterSteps == workload.laterSteps() ? Precedence.NEW : Precedence.UNDER_WAY;
        AdmissionDesk desk =
            new AdmissionDesk(
                runtime.ledger(),
                DeviceRuntime.keyOf(workload),
                image,
                runtime.correction(),
                precedence);
        FetchHandle fetching = FetchHandle.of(options.fetch());
        ImageWork work =
            new ImageWork(
                models, fetching, new SliceBudget(options.degrade()), maxBytes, abandoned);
        return new ImageServices(runtime, models, desk, fetching, work);
      } catch (Throwable e) {
        models.close();
        throw e;
      }
    } catch (Throwable e) {
      runtime.close();
      throw e;
    }
  }

  public DeviceRuntime runtime() {
    return runtime;
  }

  ModelTeam models() {
    return models;
  }

  /** Where pictures are admitted. */
  public AdmissionDesk desk() {
    return desk;
  }

  public ImageWork work() {
    return work;
  }

  @Override
  public void close() {
    fetching.close();
    models.close();
    runtime.close();
  }
}
