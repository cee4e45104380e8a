package dev.sluice.models.families.parts;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a model holds while it is loaded, closed once and in reverse order. Owned by the device
 * thread.
 */
public final class Resources implements AutoCloseable {
  private final Deque<AutoCloseable> held = new ArrayDeque<>();

  /** Adds something to close. */
  public <T extends AutoCloseable> T add(T resource) {
    held.push(resource);
    return resource;
  }

  @Override
  public void close() {
    while (!held.isEmpty()) {
      try {
        held.pop().close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("model: a part does not close", e);
      }
    }
  }
}
