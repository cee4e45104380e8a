package dev.sluice.operators.poison;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Lets work at pictures into native hands: many at a time, or one alone. Thread-safe; no thread
 * waits in it.
 *
 * <p>First come, first served, so that neither starves. Work that is inside never enters again
 * before it has left: nothing can wait for itself.
 */
final class NativeGate {
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private int inside;
  private boolean alone;

  /** Completes when the work may begin; leave when it has ended. */
  CompletableFuture<Void> enter(boolean wantsToBeAlone) {
    Waiting waiting = new Waiting(wantsToBeAlone, new CompletableFuture<>());
    List<Waiting> next;
    synchronized (queue) {
      queue.add(waiting);
      next = admitted();
    }
    next.forEach(each -> each.turn.complete(null));
    return waiting.turn;
  }

  void leave() {
    List<Waiting> next;
    synchronized (queue) {
      inside--;
      alone = false;
      next = admitted();
    }
    next.forEach(each -> each.turn.complete(null));
  }

  private List<Waiting> admitted() {
    List<Waiting> admitted = new ArrayList<>();
    while (!queue.isEmpty() && !alone && (inside == 0 || !queue.element().wantsToBeAlone)) {
      Waiting next = queue.remove();
      alone = next.wantsToBeAlone;
      inside++;
      admitted.add(next);
    }
    return admitted;
  }

  private record Waiting(boolean wantsToBeAlone, CompletableFuture<Void> turn) {}
}
