package dev.sluice.operators.source;

import dev.sluice.operators.memory.Admission;
import dev.sluice.operators.memory.CreditGate.Credit;
import dev.sluice.operators.memory.Handover;
import dev.sluice.serde.ImageEvent;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.jspecify.annotations.Nullable;

/**
 * Puts the credit under the picture that a poll emits. Owned by the source's task thread.
 *
 * <p>A reader that emits several pictures in one poll has credit for the first; the operator that
 * takes the others in admits them itself, as it does without a gate.
 */
final class GatedOutputs {
  private final Map<String, SourceOutput<ImageEvent>> bySplit = new HashMap<>();
  private @Nullable Credit credit;
  private @Nullable Main main;

  /** The reader's output for one poll. */
  ReaderOutput<ImageEvent> with(Credit held, ReaderOutput<ImageEvent> output) {
    credit = held;
    if (main == null || main.output != output) {
      main = new Main(output);
      bySplit.clear();
    }
    return main;
  }

  private void emit(ImageEvent event, Runnable collect) {
    Credit held = credit;
    if (held == null || held.isUsed()) {
      collect.run();
      return;
    }
    try (Admission admission = held.admit(event.picture().byteLength())) {
      Handover.during(event.eventId(), admission, collect);
    }
  }

  private class Gated<O extends SourceOutput<ImageEvent>> implements SourceOutput<ImageEvent> {
    final O output;

    Gated(O output) {
      this.output = output;
    }

    @Override
    public void collect(ImageEvent event) {
      emit(event, () -> output.collect(event));
    }

    @Override
    public void collect(ImageEvent event, long timestamp) {
      emit(event, () -> output.collect(event, timestamp));
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      output.emitWatermark(watermark);
    }

    @Override
    public void markIdle() {
      output.markIdle();
    }

    @Override
    public void markActive() {
      output.markActive();
    }
  }

  private final class Main extends Gated<ReaderOutput<ImageEvent>>
      implements ReaderOutput<ImageEvent> {
    Main(ReaderOutput<ImageEvent> output) {
      super(output);
    }

    @Override
    public SourceOutput<ImageEvent> createOutputForSplit(String splitId) {
      return bySplit.computeIfAbsent(splitId, id -> new Gated<>(output.createOutputForSplit(id)));
    }

    @Override
    public void releaseOutputForSplit(String splitId) {
      bySplit.remove(splitId);
      output.releaseOutputForSplit(splitId);
    }
  }
}
