package dev.sluice.operators.device;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Requests that wait to be batched. Owned by the device thread.
 *
 * <p>The oldest is in every batch, so that none waits for ever; the rest of the batch goes to the
 * most urgent, and among equals to who came first. What does not fit lets smaller ones pass.
 */
final class BatchQueue<I, O> {
  /** In the order in which they came. */
  private final List<DeviceRequest<I, O>> requests = new ArrayList<>();

  private int size;

  void add(DeviceRequest<I, O> request) {
    requests.add(request);
    size += request.size();
  }

  /** Puts requests back, before all others. */
  void putBack(List<DeviceRequest<I, O>> taken) {
    requests.addAll(0, taken);
    size += taken.stream().mapToInt(DeviceRequest::size).sum();
  }

  /** Tiles that wait. */
  int size() {
    return size;
  }

  boolean isEmpty() {
    return requests.isEmpty();
  }

  /** When the oldest came; meaningless where the queue is empty. */
  long oldestNanos() {
    return requests.isEmpty() ? 0 : requests.get(0).arrivedNanos();
  }

  /** Takes a batch up to the size; at least one, however large, where there is any. */
  List<DeviceRequest<I, O>> take(int maxSize) {
    requests.removeIf(this::dropIfAbandoned);
    List<DeviceRequest<I, O>> batch = new ArrayList<>();
    Set<DeviceRequest<I, O>> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    long tiles = 0;
    for (DeviceRequest<I, O> next : inTurn()) {
      if (batch.isEmpty() || tiles + next.size() <= maxSize) {
        batch.add(next);
        taken.add(next);
        tiles += next.size();
      }
    }
    requests.removeIf(taken::contains);
    size -= (int) tiles;
    return batch;
  }

  private List<DeviceRequest<I, O>> inTurn() {
    List<DeviceRequest<I, O>> turn = new ArrayList<>(requests);
    if (turn.size() > 1) {
      turn.subList(1, turn.size()).sort(Comparator.comparing(request -> request.terms().urgency()));
    }
    return turn;
  }

  private boolean dropIfAbandoned(DeviceRequest<I, O> request) {
    if (!request.dropIfAbandoned()) {
      return false;
    }
    size -= request.size();
    return true;
  }
}
