package dev.sluice.operators.stage;

import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.Workload;
import dev.sluice.operators.device.DeviceRuntime;
import dev.sluice.operators.device.ModelTeam;
import dev.sluice.operators.fetch.FetchHandle;
import dev.sluice.operators.memory.Admission;
import dev.sluice.operators.memory.AdmissionDesk;
import dev.sluice.operators.memory.ImageBytes;
import dev.sluice.operators.reuse.Reuse;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.JobID;
import org.jspecify.annotations.Nullable;

/** What an operator uses of the process. Owned by the task thread. */
final class Services implements AutoCloseable {
  final DeviceRuntime runtime;
  final ModelTeam models;
  final AdmissionDesk desk;
  final @Nullable Reuse reuse;
  private final FetchHandle fetching;
  private final ImageWork work;

  private Services(
      DeviceRuntime runtime,
      ModelTeam models,
      AdmissionDesk desk,
      FetchHandle fetching,
      ImageWork work,
      @Nullable Reuse reuse) {
    this.runtime = runtime;
    this.models = models;
    this.desk = desk;
    this.fetching = fetching;
    this.work = work;
    this.reuse = reuse;
  }

  /**
   * @param place where the operator runs
   * @param laterSteps steps after the operator's own
   * @param abandoned whether the operator's results are no longer wanted
   */
  static Services open(
      Workload workload,
      VisionOptions options,
      Place place,
      int laterSteps,
      BooleanSupplier abandoned)
      throws Exception {
    DeviceRuntime runtime = DeviceRuntime.of(workload.first());
    try {
      ModelTeam models = ModelTeam.acquire(runtime, workload);
      try {
        long maxBytes = workload.first().options().imageLimits().maxBytes();
        ImageBytes image = new ImageBytes(models.pictureBytes(), maxBytes, laterSteps);
        Object key = DeviceRuntime.keyOf(workload);
        AdmissionDesk desk = new AdmissionDesk(runtime.ledger(), key, image);
        FetchHandle fetching = FetchHandle.of(options.fetch());
        ImageWork work = new ImageWork(models, fetching, maxBytes, abandoned);
        Reuse reuse =
            options.cache().enabled()
                ? Reuse.join(List.of(place.job, key, options), place.chain)
                : null;
        return new Services(runtime, models, desk, fetching, work, reuse);
      } catch (Throwable e) {
        models.close();
        throw e;
      }
    } catch (Throwable e) {
      runtime.close();
      throw e;
    }
  }

  /**
   * Where an operator runs. Immutable.
   *
   * @param job whose operators share results
   * @param chain the task, in which operators call each other directly
   */
  record Place(JobID job, Object chain) {}

  /** The work on one picture. */
  ImageWork workUnder(Admission admission) {
    return reuse == null ? work : work.sparing(reuse, admission);
  }

  @Override
  public void close() {
    if (reuse != null) {
      reuse.close();
    }
    fetching.close();
    models.close();
    runtime.close();
  }
}
