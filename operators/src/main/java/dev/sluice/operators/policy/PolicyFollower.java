package dev.sluice.operators.policy;

import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.PolicyChange;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a feed and checks what it finds, on a thread of its own that may wait; hands each result
 * on. Started and closed by the task thread.
 */
final class PolicyFollower implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final PolicyFeed feed;
  private final PolicyCheck check;
  private final Listener listener;
  private final Thread thread;
  private volatile boolean closed;

  /** Whoever wants to know; called on the follower's thread. */
  interface Listener {
    void found(CheckedPolicy policy);

    /** All that was there in the beginning has been found. */
    void caughtUp();

    void failed(Throwable failure);
  }

  private PolicyFollower(
      PolicyFeed feed, Map<Integer, Long> nextOffsets, PolicyCheck check, Listener listener) {
    this.feed = feed;
    this.check = check;
    this.listener = listener;
    Map<Integer, Long> from = Map.copyOf(nextOffsets);
    this.thread = new Thread(() -> run(from), "sluice-policies");
    thread.setDaemon(true);
    thread.setContextClassLoader(feed.getClass().getClassLoader());
  }

  /**
   * @param nextOffsets where to begin, by partition
   */
  static PolicyFollower start(
      PolicyFeed feed, Map<Integer, Long> nextOffsets, PolicyCheck check, Listener listener) {
    PolicyFollower follower = new PolicyFollower(feed, nextOffsets, check, listener);
    follower.thread.start();
    return follower;
  }

  private void run(Map<Integer, Long> nextOffsets) {
    try (PolicyFeed.Reader reader = feed.open(nextOffsets)) {
      boolean toldCaughtUp = false;
      while (!closed) {
        if (!toldCaughtUp && reader.isCaughtUp()) {
          toldCaughtUp = true;
          listener.caughtUp();
        }
        for (PolicyRecord found : reader.poll()) {
          listener.found(checked(found));
        }
      }
    } catch (Throwable failure) {
      // Of a closed follower nobody wants to know: it was woken to end.
      if (!closed) {
        listener.failed(failure);
      }
    }
  }

  private CheckedPolicy checked(PolicyRecord found) throws Exception {
    @Nullable PolicyChange change = null;
    try {
      change = PolicyJson.change(found.json(), found.time(), "policy at " + found.origin());
      ModerationPolicy policy = change.policy();
      if (policy != null) {
        check.check(policy);
      }
      return new CheckedPolicy(found, change, null);
    } catch (IllegalArgumentException e) {
      return new CheckedPolicy(found, change, e.getMessage());
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.interrupt();
    thread.join(PATIENCE.toMillis());
    check.close();
  }
}
