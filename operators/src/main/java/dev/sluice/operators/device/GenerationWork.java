package dev.sluice.operators.device;

import dev.sluice.models.TextGenerator;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.operators.poison.PoisonGuard;
import dev.sluice.serde.Rejection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sequences of one generator: which are running, which wait, and what to do when memory runs
 * out. Owned by the device thread.
 */
final class GenerationWork {
  private static final Logger LOG = LoggerFactory.getLogger(GenerationWork.class);

  private final TextGenerator generator;
  private final StepBytes bytes;
  private final LongSupplier nanoTime;
  private final DeviceMeters meters;
  private final PoisonGuard guard;
  private final int sequences;
  private final BatchLimit limit;
  private final BatchQueue<TextGenerator.Request, GeneratedText> waiting = new BatchQueue<>();

  /** Running sequences with the share clock at their start. */
  private final Map<DeviceRequest<TextGenerator.Request, GeneratedText>, Long> running =
      new LinkedHashMap<>();

  /** Finished within the step under way; their time is known when it ends. */
  private final Map<DeviceRequest<TextGenerator.Request, GeneratedText>, GeneratedText> finished =
      new LinkedHashMap<>();

  /** Nanoseconds of one sequence that would have run in every step: its share of each, summed. */
  private long shareClock;

  /**
   * @param sequences most that the generator runs at once; those that wait do so here, where the
   *     most urgent goes first
   */
  GenerationWork(
      TextGenerator generator,
      StepBytes bytes,
      int sequences,
      BatchLimit limit,
      DeviceMeters meters,
      PoisonGuard guard) {
    this.generator = generator;
    this.bytes = bytes;
    this.sequences = sequences;
    this.limit = limit;
    this.meters = meters;
    this.guard = guard;
    this.nanoTime = meters.nanoTime();
  }

  void add(DeviceRequest<TextGenerator.Request, GeneratedText> request) {
    waiting.add(request);
  }

  StepPolicy.Texts texts() {
    if (waiting.isEmpty() && running.isEmpty()) {
      return StepPolicy.Texts.NONE;
    }
    boolean crowded = running.size() + waiting.size() > limit.of(sequences);
    return crowded ? StepPolicy.Texts.CROWDED : StepPolicy.Texts.SOME;
  }

  /** Lets waiting sequences join, runs a step, hands out what is finished. */
  void step() {
    join();
    int together = running.size();
    if (together == 0) {
      return;
    }
    long start = nanoTime.getAsLong();
    long stepBytes = bytes.of(running.keySet());
    try (var named = guard.name(running.keySet().stream().map(DeviceRequest::suspect).toList())) {
      generator.step();
    } catch (Throwable failure) {
      recover(failure);
      return;
    }
    meters.stepped(stepBytes);
    shareClock += (nanoTime.getAsLong() - start) / together;
    if (!finished.isEmpty()) {
      limit.fitted(together);
    }
    handOut();
  }

  /** Ends all sequences. */
  void failAll(Throwable cause) {
    List<DeviceRequest<TextGenerator.Request, GeneratedText>> all = takeRunning();
    all.addAll(waiting.take(Integer.MAX_VALUE));
    all.forEach(request -> request.fail(cause));
    limit.forget();
  }

  private void join() {
    int places = limit.of(sequences) - running.size();
    if (places > 0) {
      waiting.take(places).forEach(this::submit);
    }
  }

  private void submit(DeviceRequest<TextGenerator.Request, GeneratedText> next) {
    try {
      running.put(next, shareClock);
      generator.submit(next.input(), text -> finished.put(next, text));
    } catch (IllegalArgumentException tooLong) {
      running.remove(next);
      next.fail(
          new ImageRejectedException(
              Rejection.Category.TOO_LARGE, String.valueOf(tooLong.getMessage())));
    } catch (Throwable failure) {
      running.remove(next);
      next.fail(failure);
    }
  }

  private void handOut() {
    finished.forEach(
        (request, text) -> {
          Long start = running.remove(request);
          meters.generated(text.tokenIds().size());
          request.complete(text, start == null ? 0 : shareClock - start);
        });
    finished.clear();
  }

  private void recover(Throwable failure) {
    boolean outOfMemory = OutOfMemory.is(failure);
    // What the step finished before it failed is whole.
    handOut();
    List<DeviceRequest<TextGenerator.Request, GeneratedText>> stopped = takeRunning();
    if (!outOfMemory) {
      stopped.forEach(request -> request.fail(failure));
    } else if (stopped.size() == 1) {
      // It explains what happened; the others need not be held back.
      limit.forget();
      stopped.get(0).fail(OutOfMemory.rejection("decode"));
    } else {
      limit.ranOut(stopped.size());
      LOG.warn(
          "decode: out of memory with {} sequences; starting them again, {} at once",
          stopped.size(),
          limit.of(sequences));
      waiting.putBack(stopped);
    }
  }

  private List<DeviceRequest<TextGenerator.Request, GeneratedText>> takeRunning() {
    List<DeviceRequest<TextGenerator.Request, GeneratedText>> stopped =
        new ArrayList<>(running.keySet());
    running.clear();
    finished.clear();
    generator.clear();
    return stopped;
  }
}
