package dev.sluice.operators.device;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Requests that wait to be batched, first come, first served. Owned by the device thread. */
final class BatchQueue<I, O> {
  private final Deque<DeviceRequest<I, O>> requests = new ArrayDeque<>();
  private int size;

  void add(DeviceRequest<I, O> request) {
    requests.add(request);
    size += request.size();
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
    DeviceRequest<I, O> oldest = requests.peek();
    return oldest == null ? 0 : oldest.arrivedNanos();
  }

  /** Takes the oldest, up to the size; at least one, however large, where there is any. */
  List<DeviceRequest<I, O>> take(int maxSize) {
    List<DeviceRequest<I, O>> batch = new ArrayList<>();
    int taken = 0;
    while (true) {
      DeviceRequest<I, O> next = requests.peek();
      if (next == null || (!batch.isEmpty() && taken + next.size() > maxSize)) {
        return batch;
      }
      requests.remove();
      size -= next.size();
      if (!next.dropIfAbandoned()) {
        taken += next.size();
        batch.add(next);
      }
    }
  }
}
