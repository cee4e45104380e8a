package dev.sluice.models.families.parts;

import dev.sluice.models.LoadOptions;
import dev.sluice.models.language.KvCache;
import dev.sluice.models.language.KvShape;
import dev.sluice.models.memory.MemoryLease;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.value.Dtype;

/** The key-value pool of a loaded model and its lease. Owned by the device thread. */
public final class KvAllocation implements AutoCloseable {
  private static final String LABEL = "kv-cache";
  private static final int BLOCK_SIZE = 16;

  private final MemoryLease lease;
  private final KvCache cache;
  private final int blocks;

  private KvAllocation(MemoryLease lease, KvCache cache, int blocks) {
    this.lease = lease;
    this.cache = cache;
    this.blocks = blocks;
  }

  /**
   * Leases and makes the pool.
   *
   * @param longestText positions of the longest text that the pool is sized for, where the options
   *     do not say how many bytes it has
   * @throws dev.sluice.models.memory.NoRoomException if the ledger has no room for it
   */
  public static KvAllocation lease(
      KvShape shape, int longestText, Dtype dtype, LoadOptions options, MemoryLedger ledger) {
    long blockBytes = BLOCK_SIZE * shape.bytesPerPosition(dtype.bytes());
    long perText = (longestText + BLOCK_SIZE - 1L) / BLOCK_SIZE;
    long wanted =
        options.kvCacheBytes() == 0
            ? perText * options.sequences()
            : options.kvCacheBytes() / blockBytes;
    if (wanted < 1) {
      throw new IllegalArgumentException(
          "kv-cache of %d bytes: expected at least one block of %d bytes"
              .formatted(options.kvCacheBytes(), blockBytes));
    }
    int blocks = Math.toIntExact(wanted);
    MemoryLease lease = ledger.lease(LABEL, blocks * blockBytes);
    try {
      KvCache cache = new KvCache(shape, blocks, BLOCK_SIZE, dtype, options.device());
      return new KvAllocation(lease, cache, blocks);
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  public KvCache cache() {
    return cache;
  }

  public int blocks() {
    return blocks;
  }

  @Override
  public void close() {
    cache.close();
    lease.close();
  }
}
