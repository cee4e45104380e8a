package dev.sluice.operators.stage;

import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.io.AvailabilityProvider;
import org.apache.flink.runtime.io.network.api.writer.ResultPartitionWriter;

/**
 * Whether a task can emit without waiting: its way into the network, which is full while later
 * tasks do not read. A task that waits there lets no checkpoint pass. Owned by the task thread.
 */
final class TaskOutput {
  private final ResultPartitionWriter[] writers;

  /**
   * @param writers of the task; none where it ends in a sink
   */
  TaskOutput(ResultPartitionWriter... writers) {
    this.writers = writers;
  }

  boolean isAvailable() {
    for (ResultPartitionWriter writer : writers) {
      if (!writer.isAvailable()) {
        return false;
      }
    }
    return true;
  }

  /** Completes when all writers have been available, if not at the same moment. */
  CompletableFuture<?> available() {
    CompletableFuture<?> all = AvailabilityProvider.AVAILABLE;
    for (ResultPartitionWriter writer : writers) {
      all = AvailabilityProvider.and(all, writer.getAvailableFuture());
    }
    return all;
  }
}
