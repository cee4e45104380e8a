package dev.sluice.operators.fetch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets so much work run at once and keeps the rest in line, without a thread. Thread-safe. */
final class Lane {
  private final int width;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int running;

  Lane(int width) {
    this.width = width;
  }

  /**
   * @param work begins something and returns at once
   */
  <T> CompletableFuture<T> run(Supplier<CompletableFuture<T>> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable start = () -> start(work, result);
    synchronized (this) {
      if (running == width) {
        waiting.addLast(start);
        return result;
      }
      running++;
    }
    start.run();
    return result;
  }

  private <T> void start(Supplier<CompletableFuture<T>> work, CompletableFuture<T> result) {
    CompletableFuture<T> begun;
    try {
      begun = work.get();
    } catch (RuntimeException e) {
      begun = CompletableFuture.failedFuture(e);
    }
    var unused = begun.whenComplete((value, failure) -> end(result, value, failure));
  }

  private <T> void end(
      CompletableFuture<T> result, @Nullable T value, @Nullable Throwable failure) {
    Runnable next;
    synchronized (this) {
      next = waiting.pollFirst();
      if (next == null) {
        running--;
      }
    }
    if (next != null) {
      next.run();
    }
    if (failure == null) {
      result.complete(value);
    } else {
      result.completeExceptionally(failure);
    }
  }
}
