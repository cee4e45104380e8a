package dev.sluice.operators.source;

import dev.sluice.operators.Workload;
import dev.sluice.operators.device.DeviceRuntime;
import dev.sluice.operators.memory.CreditGate;
import dev.sluice.operators.memory.ImageBytes;
import dev.sluice.serde.ImageEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * Takes a credit, then reads; reads nothing without one. Owned by the source's task thread.
 *
 * <p>While the gate is closed it answers {@link InputStatus#NOTHING_AVAILABLE} and its availability
 * is the gate's: the task does not wait, so checkpoints and mails pass.
 */
final class GatedSourceReader<SplitT extends SourceSplit>
    implements SourceReader<ImageEvent, SplitT> {
  private final SourceReader<ImageEvent, SplitT> reader;
  private final Workload workload;
  private final int capacity;
  private final MetricGroup metrics;
  private final GatedOutputs outputs = new GatedOutputs();
  private @Nullable DeviceRuntime runtime;
  private @Nullable CreditGate gate;

  GatedSourceReader(
      SourceReader<ImageEvent, SplitT> reader,
      Workload workload,
      int capacity,
      MetricGroup metrics) {
    this.reader = reader;
    this.workload = workload;
    this.capacity = capacity;
    this.metrics = metrics;
  }

  @Override
  public void start() {
    DeviceRuntime used = DeviceRuntime.of(workload.first());
    runtime = used;
    CreditGate opened =
        new CreditGate(
            used.ledger(),
            DeviceRuntime.keyOf(workload),
            imageBytes(),
            used.correction(),
            capacity);
    gate = opened;
    GateMetrics.register(metrics, opened, used);
    reader.start();
  }

  @Override
  public InputStatus pollNext(ReaderOutput<ImageEvent> output) throws Exception {
    Optional<CreditGate.Credit> credit = gate().tryEnter();
    if (credit.isEmpty()) {
      return InputStatus.NOTHING_AVAILABLE;
    }
    try (CreditGate.Credit held = credit.get()) {
      return reader.pollNext(outputs.with(held, output));
    }
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    CompletableFuture<Void> data = reader.isAvailable();
    // No credit is wanted before there is something to read; then the next poll asks for one.
    return data.isDone() ? gate().opened() : data;
  }

  @Override
  public List<SplitT> snapshotState(long checkpointId) {
    return reader.snapshotState(checkpointId);
  }

  @Override
  public void addSplits(List<SplitT> splits) {
    reader.addSplits(splits);
  }

  @Override
  public void notifyNoMoreSplits() {
    reader.notifyNoMoreSplits();
  }

  @Override
  public void handleSourceEvents(SourceEvent sourceEvent) {
    reader.handleSourceEvents(sourceEvent);
  }

  @Override
  public void pauseOrResumeSplits(
      Collection<String> splitsToPause, Collection<String> splitsToResume) {
    reader.pauseOrResumeSplits(splitsToPause, splitsToResume);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    reader.notifyCheckpointComplete(checkpointId);
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    reader.notifyCheckpointAborted(checkpointId);
  }

  @Override
  public void close() throws Exception {
    try {
      reader.close();
    } finally {
      if (gate != null) {
        gate.close();
      }
      if (runtime != null) {
        runtime.close();
        runtime = null;
      }
    }
  }

  private ImageBytes imageBytes() {
    try {
      return new ImageBytes(
          workload.pictureBytes(),
          workload.first().options().imageLimits().maxBytes(),
          workload.laterSteps());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private CreditGate gate() {
    return Objects.requireNonNull(gate, "start() has not been called");
  }
}
