package dev.sluice.operators.memory;

import dev.sluice.models.memory.MemoryLease;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * A share in the memory that covers one picture in this process. Thread-safe; closing twice
 * releases once.
 *
 * <p>The operator that works on the picture holds a share, the device holds one while it computes,
 * and two operators that read the same stream hold one each. As much is leased as the share that
 * needs most; the memory goes back with the last.
 */
public final class Admission implements AutoCloseable {
  private final Cover cover;

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
    Cover cover = new Cover(owner, lease);
    cover.onRelease(onRelease);
    return cover.share(lease.bytes());
  }

  /** One more share in the same memory. */
  public Admission share() {
    return cover.share(cover.bytesOf(this));
  }

  /** Says that this share needs no more than that from now on. */
  public void shrinkTo(long bytes) {
    cover.shrink(this, now -> Math.min(now, bytes));
  }

  /** Says that this share needs so much less from now on. */
  public void shrinkBy(long bytes) {
    cover.shrink(this, now -> Math.max(0, now - bytes));
  }

  /** Stands for the picture on its way through this process, by identity. */
  public Object picture() {
    return cover;
  }

  /** Calls back once, when the picture has left this process; at once if it has. */
  public void onRelease(Runnable callback) {
    cover.onRelease(callback);
  }

  boolean covers(Object owner) {
    return cover.owner.equals(owner);
  }

  @Override
  public void close() {
    cover.close(this);
  }

  private static final class Cover {
    private final Object owner;
    private final MemoryLease lease;
    private final Map<Admission, Long> bytesByShare = new HashMap<>();
    private final List<Runnable> callbacks = new ArrayList<>();
    private boolean released;

    private Cover(Object owner, MemoryLease lease) {
      this.owner = owner;
      this.lease = lease;
    }

    private synchronized Admission share(long bytes) {
      Admission share = new Admission(this);
      bytesByShare.put(share, bytes);
      return share;
    }

    private synchronized long bytesOf(Admission share) {
      Long bytes = bytesByShare.get(share);
      if (bytes == null) {
        throw new IllegalStateException("a closed admission cannot be shared");
      }
      return bytes;
    }

    private void shrink(Admission share, LongUnaryOperator smaller) {
      long needed;
      synchronized (this) {
        if (bytesByShare.computeIfPresent(share, (key, now) -> smaller.applyAsLong(now)) == null) {
          return;
        }
        needed = neededBytes();
      }
      // Outside the lock: whoever waits for memory is woken from within.
      lease.shrinkTo(needed);
    }

    private void close(Admission share) {
      boolean last;
      long needed;
      synchronized (this) {
        if (bytesByShare.remove(share) == null) {
          return;
        }
        last = bytesByShare.isEmpty();
        needed = neededBytes();
        released = last;
      }
      if (last) {
        lease.close();
        callbacks.forEach(Runnable::run); // none is added any more
      } else {
        lease.shrinkTo(needed);
      }
    }

    private void onRelease(Runnable callback) {
      synchronized (this) {
        if (!released) {
          callbacks.add(callback);
          return;
        }
      }
      callback.run();
    }

    private long neededBytes() {
      return bytesByShare.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }
  }
}
