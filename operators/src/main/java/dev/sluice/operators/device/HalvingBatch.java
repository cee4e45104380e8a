package dev.sluice.operators.device;

import dev.sluice.operators.poison.PoisonGuard;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a batch, in halves where the device has too little memory for the whole, down to the picture
 * that does not even fit alone. Owned by the device thread.
 */
final class HalvingBatch<I, O> {
  private static final Logger LOG = LoggerFactory.getLogger(HalvingBatch.class);

  private final String name;
  private final Function<List<I>, List<O>> work;
  private final LongSupplier nanoTime;
  private final BatchLimit limit;
  private final PoisonGuard guard;

  /**
   * @param name of the work, for messages
   */
  HalvingBatch(
      String name,
      Function<List<I>, List<O>> work,
      BatchLimit limit,
      LongSupplier nanoTime,
      PoisonGuard guard) {
    this.name = name;
    this.work = work;
    this.limit = limit;
    this.nanoTime = nanoTime;
    this.guard = guard;
  }

  /** Completes every request of the batch, one way or another. */
  void run(List<DeviceRequest<I, O>> batch) {
    if (!batch.isEmpty()) {
      var unused = attempt(batch);
    }
  }

  /**
   * @return pictures that do not fit even alone
   */
  private int attempt(List<DeviceRequest<I, O>> batch) {
    long start = nanoTime.getAsLong();
    try {
      List<O> results = runNamed(batch);
      if (results.size() != batch.size()) {
        throw new IllegalStateException(
            "%s: expected %d results of the model, found %d"
                .formatted(name, batch.size(), results.size()));
      }
      complete(batch, results, nanoTime.getAsLong() - start);
      return 0;
    } catch (Throwable failure) {
      // Errors too: they belong to whoever asked, and the device thread lives on.
      return recover(batch, failure);
    }
  }

  private List<O> runNamed(List<DeviceRequest<I, O>> batch) {
    List<I> inputs = batch.stream().map(DeviceRequest::input).toList();
    try (var named = guard.name(batch.stream().map(DeviceRequest::suspect).toList())) {
      return work.apply(inputs);
    }
  }

  private void complete(List<DeviceRequest<I, O>> batch, List<O> results, long nanos) {
    int size = sizeOf(batch);
    limit.fitted(size);
    for (int i = 0; i < batch.size(); i++) {
      DeviceRequest<I, O> request = batch.get(i);
      request.complete(results.get(i), nanos * request.size() / Math.max(1, size));
    }
  }

  private int recover(List<DeviceRequest<I, O>> batch, Throwable failure) {
    if (!OutOfMemory.is(failure)) {
      batch.forEach(request -> request.fail(failure));
      return 0;
    }
    if (batch.size() == 1) {
      batch.get(0).fail(OutOfMemory.rejection(name));
      return 1;
    }
    LOG.warn(
        "{}: out of memory with {} pictures ({} tiles); running them in halves",
        name,
        batch.size(),
        sizeOf(batch));
    int half = batch.size() / 2;
    int culprits = attempt(batch.subList(0, half)) + attempt(batch.subList(half, batch.size()));
    if (culprits == 0) {
      // Otherwise the culprit explains it, and the others need not be held back.
      limit.ranOut(sizeOf(batch));
    }
    return culprits;
  }

  private int sizeOf(List<DeviceRequest<I, O>> batch) {
    return batch.stream().mapToInt(DeviceRequest::size).sum();
  }
}
