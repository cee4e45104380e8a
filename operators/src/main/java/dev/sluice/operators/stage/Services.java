package dev.sluice.operators.stage;

import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.Workload;
import dev.sluice.operators.device.DeviceRuntime;
import dev.sluice.operators.device.ModelTeam;
import dev.sluice.operators.memory.Admission;
import dev.sluice.operators.memory.AdmissionDesk;
import dev.sluice.operators.reuse.Reuse;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.JobID;
import org.jspecify.annotations.Nullable;

/**
 * What an operator uses of its process: the device, and results that others have. Owned by the task
 * thread.
 */
final class Services implements AutoCloseable {
  private final ImageServices images;
  private final @Nullable Reuse reuse;

  private Services(ImageServices images, @Nullable Reuse reuse) {
    this.images = images;
    this.reuse = reuse;
  }

  /**
   * @param place where the operator runs
   * @param laterSteps steps after the operator's own
   * @param abandoned whether the operator's results are no longer wanted
   * @throws IOException if a model cannot be loaded, with the reason
   */
  static Services open(
      Workload workload,
      VisionOptions options,
      Place place,
      int laterSteps,
      BooleanSupplier abandoned)
      throws IOException, InterruptedException {
    ImageServices images = ImageServices.open(workload, options, laterSteps, abandoned);
    Reuse reuse =
        options.cache().enabled()
            ? Reuse.join(List.of(place.job, DeviceRuntime.keyOf(workload), options), place.chain)
            : null;
    return new Services(images, reuse);
  }

  /**
   * Where an operator runs. Immutable.
   *
   * @param job whose operators share results
   * @param chain the task, in which operators call each other directly
   */
  record Place(JobID job, Object chain) {}

  DeviceRuntime runtime() {
    return images.runtime();
  }

  ModelTeam models() {
    return images.models();
  }

  AdmissionDesk desk() {
    return images.desk();
  }

  /** Results that others have; null where they are not asked for. */
  @Nullable Reuse reuse() {
    return reuse;
  }

  /** The work on one picture. */
  ImageWork workUnder(Admission admission) {
    return reuse == null ? images.work() : images.work().sparing(reuse, admission);
  }

  @Override
  public void close() {
    if (reuse != null) {
      reuse.close();
    }
    images.close();
  }
}
