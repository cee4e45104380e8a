package dev.sluice.models.generation;

import java.util.Arrays;

/**
 * Which blocks of the key-value cache are taken, and by how many. Owned by the device thread.
 *
 * <p>A block holds the keys and values of {@link #blockSize()} positions in every layer. A block
 * that several sequences share is free again when the last of them releases it.
 */
public final class KvBlockPool {
  private final int blockSize;
  private final int[] references;
  private final int[] free;
  private int freeCount;

  public KvBlockPool(int blocks, int blockSize) {
    if (blocks < 1 || blockSize < 1) {
      throw new IllegalArgumentException(
          "key-value pool: expected at least 1 block of 1 position, found %d of %d"
              .formatted(blocks, blockSize));
    }
    this.blockSize = blockSize;
    this.references = new int[blocks];
    this.free = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      free[i] = blocks - 1 - i;
    }
    this.freeCount = blocks;
  }

  /** Positions of one block. */
  public int blockSize() {
    return blockSize;
  }

  public int totalBlocks() {
    return references.length;
  }

  public int freeBlocks() {
    return freeCount;
  }

  /** Blocks that hold this many positions. */
  public int blocksFor(int positions) {
    return (positions + blockSize - 1) / blockSize;
  }

  /**
   * Takes blocks, each with one reference.
   *
   * @throws IllegalStateException if fewer are free; the pool is unchanged then
   */
  public int[] allocate(int count) {
    if (count > freeCount) {
      throw new IllegalStateException(
          "key-value pool: expected %d free blocks, found %d of %d"
              .formatted(count, freeCount, references.length));
    }
    int[] blocks = new int[count];
    for (int i = 0; i < count; i++) {
      blocks[i] = free[--freeCount];
      references[blocks[i]] = 1;
    }
    return blocks;
  }

  /**
   * Adds a reference to each block.
   *
   * @throws IllegalStateException if a block is free
   */
  public void share(int[] blocks) {
    requireTaken(blocks);
    for (int block : blocks) {
      references[block]++;
    }
  }

  /**
   * Takes a reference from each block; a block without references is free.
   *
   * @throws IllegalStateException if a block is free already; the pool is unchanged then
   */
  public void release(int[] blocks) {
    requireTaken(blocks);
    for (int block : blocks) {
      if (--references[block] == 0) {
        free[freeCount++] = block;
      }
    }
  }

  /** How many hold the block; 0 for a free one. */
  public int references(int block) {
    return references[block];
  }

  private void requireTaken(int[] blocks) {
    for (int block : blocks) {
      if (references[block] == 0) {
        throw new IllegalStateException(
            "key-value pool: expected taken blocks, found free block %d in %s"
                .formatted(block, Arrays.toString(blocks)));
      }
    }
  }
}
