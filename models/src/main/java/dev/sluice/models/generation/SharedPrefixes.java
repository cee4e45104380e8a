package dev.sluice.models.generation;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Key-value blocks of text prefixes that prompts have in common. Owned by the device thread.
 *
 * <p>An entry holds one reference to each of its blocks, so that the prefix outlives the sequence
 * that computed it. The least recently used entry without other holders goes first when blocks run
 * out.
 */
final class SharedPrefixes {
  private final KvBlockPool pool;
  private final Map<List<Integer>, int[]> blocksByIds = new LinkedHashMap<>(16, 0.75f, true);

  SharedPrefixes(KvBlockPool pool) {
    this.pool = pool;
  }

  /** The prefix's blocks with one more reference each, or none where it is not known. */
  int[] acquire(List<Integer> ids) {
    int[] blocks = blocksByIds.getOrDefault(ids, new int[0]);
    pool.share(blocks);
    return blocks;
  }

  /** Remembers the blocks that hold a prefix; known prefixes and empty ones stay as they are. */
  void remember(List<Integer> ids, int[] blocks) {
    if (!ids.isEmpty() && blocksByIds.putIfAbsent(ids, blocks) == null) {
      pool.share(blocks);
    }
  }

  /** Drops unused entries until {@code blocks} are free or none is left to drop. */
  void makeRoom(int blocks) {
    Iterator<int[]> entries = blocksByIds.values().iterator();
    while (pool.freeBlocks() < blocks && entries.hasNext()) {
      int[] entry = entries.next();
      if (isUnused(entry)) {
        entries.remove();
        pool.release(entry);
      }
    }
  }

  void clear() {
    blocksByIds.values().forEach(pool::release);
    blocksByIds.clear();
  }

  private boolean isUnused(int[] blocks) {
    for (int block : blocks) {
      if (pool.references(block) > 1) {
        return false;
      }
    }
    return true;
  }
}
