package dev.sluice.operators.memory;

import dev.sluice.models.memory.MemoryLease;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A share in the memory that covers one picture in this process. Thread-safe; closing twice
 * releases once.
 *
 * <p>The operator that works on the picture holds a share, the device holds one while it computes,
 * and two operators that read the same stream hold one each. The memory goes back with the last.
 */
public final class Admission implements AutoCloseable {
  private final Cover cover;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Admission(Cover cover) {
    this.cover = cover;
  }

  /**
   * The first share.
   *
   * @param owner the model whose work on the picture is covered
   * @param onRelease called once, after the lease has been closed
   */
  static Admission of(Object owner, MemoryLease lease, Runnable onRelease) {
    return new Admission(new Cover(owner, lease, onRelease));
  }

  /** One more share in the same memory. */
  public Admission share() {
    if (closed.get()) {
      throw new IllegalStateException("a closed admission cannot be shared");
    }
    cover.shares.incrementAndGet();
    return new Admission(cover);
  }

  boolean covers(Object owner) {
    return cover.owner.equals(owner);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true) && cover.shares.decrementAndGet() == 0) {
      cover.lease.close();
      cover.onRelease.run();
    }
  }

  private static final class Cover {
    private final Object owner;
    private final MemoryLease lease;
    private final Runnable onRelease;
    private final AtomicInteger shares = new AtomicInteger(1);

    private Cover(Object owner, MemoryLease lease, Runnable onRelease) {
      this.owner = owner;
      this.lease = lease;
      this.onRelease = onRelease;
    }
  }
}
