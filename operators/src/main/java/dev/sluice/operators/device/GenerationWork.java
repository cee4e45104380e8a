package dev.sluice.operators.device;

import dev.sluice.models.TextGenerator;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.operators.poison.PoisonGuard;
import dev.sluice.serde.Rejection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
  private final LongSupplier nanoTime;
  private final DeviceMeters meters;
  private final PoisonGuard guard;
  private final Deque<DeviceRequest<TextGenerator.Request, GeneratedText>> waiting =
      new ArrayDeque<>();

  /** Running sequences with the share clock at their start. */
  private final Map<DeviceRequest<TextGenerator.Request, GeneratedText>, Long> running =
      new LinkedHashMap<>();

  /** Finished within the step under way; their time is known when it ends. */
  private final Map<DeviceRequest<TextGenerator.Request, GeneratedText>, GeneratedText> finished =
      new LinkedHashMap<>();

  /** Nanoseconds of one sequence that would have run in every step: its share of each, summed. */
  private long shareClock;

  private int mostAtOnce = Integer.MAX_VALUE;

  GenerationWork(TextGenerator generator, DeviceMeters meters, PoisonGuard guard) {
    this.generator = generator;
    this.meters = meters;
    this.guard = guard;
    this.nanoTime = meters.nanoTime();
  }

  void add(DeviceRequest<TextGenerator.Request, GeneratedText> request) {
    waiting.add(request);
  }

  boolean hasWork() {
    return !waiting.isEmpty() || !running.isEmpty();
  }

  /** Lets waiting sequences join, runs a step, hands out what is finished. */
  void step() {
    join();
    int sequences = running.size();
    if (sequences == 0) {
      return;
    }
    long start = nanoTime.getAsLong();
    try (var named = guard.name(running.keySet().stream().map(DeviceRequest::suspect).toList())) {
      generator.step();
    } catch (Throwable failure) {
      recover(failure);
      return;
    }
    shareClock += (nanoTime.getAsLong() - start) / sequences;
    handOut();
  }

  /** Ends all sequences. */
  void failAll(Throwable cause) {
    List<DeviceRequest<TextGenerator.Request, GeneratedText>> all = takeRunning();
    all.addAll(waiting);
    waiting.clear();
    all.forEach(request -> request.fail(cause));
  }

  private void join() {
    while (running.size() < mostAtOnce) {
      DeviceRequest<TextGenerator.Request, GeneratedText> next = waiting.poll();
      if (next == null) {
        return;
      }
      if (next.dropIfAbandoned()) {
        continue;
      }
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
  }

  private void handOut() {
    if (!finished.isEmpty() && mostAtOnce < Integer.MAX_VALUE) {
      mostAtOnce++;
    }
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
      stopped.get(0).fail(OutOfMemory.rejection("decode"));
    } else {
      mostAtOnce = Math.max(1, stopped.size() / 2);
      LOG.warn(
          "decode: out of memory with {} sequences; starting them again, {} at once",
          stopped.size(),
          mostAtOnce);
      for (int i = stopped.size() - 1; i >= 0; i--) {
        waiting.addFirst(stopped.get(i));
      }
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
