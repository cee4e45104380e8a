package dev.sluice.operators.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.memory.LeaseRequest;
import dev.sluice.models.memory.LeaseRequest.Precedence;
import dev.sluice.models.memory.MemoryLease;
import dev.sluice.models.memory.NoRoomException;
import dev.sluice.operators.FakeDevice;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.Workload;
import dev.sluice.operators.device.DeviceRuntime;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class GatedSourceReaderTest {
  private static final int CAPACITY = 10;

  private final FakeReader delegate = new FakeReader();
  private final FakeOutput output = new FakeOutput();
  private ModelRef model;

  @BeforeEach
  void nameDevice(TestInfo test) {
    // Three pictures' worth beside the weights: one, with room for one in each later step.
    model = FakeDevice.named(test.getTestMethod().orElseThrow().getName()).model(3);
  }

  @Test
  void noRoom_nothingIsReadUntilMemoryComesBack() throws Exception {
    try (var reader = reader();
        DeviceRuntime runtime = DeviceRuntime.of(model)) {
      MemoryLease weights = runtime.ledger().lease("weights", FakeDevice.WEIGHT_BYTES);
      MemoryLease others =
          runtime
              .ledger()
              .tryLease(new LeaseRequest("other", 1, 0, Precedence.UNDER_WAY))
              .orElseThrow();
      delegate.add("a");
      assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
      assertThat(delegate.polls).isZero();
      CompletableFuture<Void> available = reader.isAvailable();
      assertThat(available).isNotDone();

      others.close();
      assertThat(available).isDone();
      assertThat(reader.isAvailable()).isDone();
      assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
      assertThat(output.ids).containsExactly("a");
      weights.close();
    }
  }

  @Test
  void nothingToRead_waitsForDataAndHoldsNoMemory() throws Exception {
    try (var reader = reader();
        DeviceRuntime runtime = DeviceRuntime.of(model)) {
      assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
      assertThat(delegate.polls).isEqualTo(1);
      assertThat(runtime.ledger().usedBytes()).isZero();
      CompletableFuture<Void> available = reader.isAvailable();
      assertThat(available).isNotDone();
      delegate.add("a");
      assertThat(available).isDone();
    }
  }

  @Test
  void pictureThatNobodyTakes_givesItsMemoryBack() throws Exception {
    try (var reader = reader();
        DeviceRuntime runtime = DeviceRuntime.of(model)) {
      for (int i = 0; i < 3 * CAPACITY; i++) {
        delegate.add("e" + i);
        reader.pollNext(output);
      }
      assertThat(output.ids).hasSize(3 * CAPACITY);
      assertThat(runtime.ledger().usedBytes()).isZero();
    }
  }

  @Test
  void neverRoom_isAnErrorNotASilence() throws Exception {
    try (var reader = reader();
        DeviceRuntime runtime = DeviceRuntime.of(model);
        MemoryLease weights =
            runtime.ledger().lease("weights", FakeDevice.WEIGHT_BYTES + FakeDevice.IMAGE_BYTES)) {
      delegate.add("a");
      assertThatThrownBy(() -> reader.pollNext(output))
          .isInstanceOf(NoRoomException.class)
          .hasMessageContaining("sluice.memory.budget");
      assertThat(weights.bytes()).isPositive();
    }
  }

  private GatedSourceReader<Split> reader() {
    GatedSourceReader<Split> reader =
        new GatedSourceReader<>(
            delegate, Workload.of(model), CAPACITY, new UnregisteredMetricsGroup());
    reader.start();
    return reader;
  }

  private record Split(String splitId) implements SourceSplit {}

  /** Emits what it was given, one a poll. */
  private static final class FakeReader implements SourceReader<ImageEvent, Split> {
    private final Deque<ImageEvent> events = new ArrayDeque<>();
    private CompletableFuture<Void> available = new CompletableFuture<>();
    private int polls;

    void add(String id) {
      events.add(
          ImageEvent.of(
              EventIdentity.of(id, Instant.EPOCH), Picture.ofBytes(new byte[3], "image/png")));
      available.complete(null);
    }

    @Override
    public InputStatus pollNext(ReaderOutput<ImageEvent> output) {
      polls++;
      ImageEvent event = events.poll();
      if (event != null) {
        output.createOutputForSplit("split").collect(event);
      }
      if (events.isEmpty()) {
        available = new CompletableFuture<>();
        return InputStatus.NOTHING_AVAILABLE;
      }
      return InputStatus.MORE_AVAILABLE;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return available;
    }

    @Override
    public void start() {}

    @Override
    public List<Split> snapshotState(long checkpointId) {
      return List.of();
    }

    @Override
    public void addSplits(List<Split> splits) {}

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() {}
  }

  private static final class FakeOutput implements ReaderOutput<ImageEvent> {
    private final List<String> ids = new ArrayList<>();

    @Override
    public void collect(ImageEvent event) {
      ids.add(event.eventId());
    }

    @Override
    public void collect(ImageEvent event, long timestamp) {
      collect(event);
    }

    @Override
    public void emitWatermark(Watermark watermark) {}

    @Override
    public void markIdle() {}

    @Override
    public void markActive() {}

    @Override
    public SourceOutput<ImageEvent> createOutputForSplit(String splitId) {
      return this;
    }

    @Override
    public void releaseOutputForSplit(String splitId) {}
  }
}
