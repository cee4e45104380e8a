package dev.sluice.models.generation;

import java.util.List;

/**
 * What one step runs: pieces of many sequences, prefills and decodes mixed. Immutable.
 *
 * @param copies blocks that the cache copies first
 */
public record Batch(List<Chunk> chunks, List<BlockCopy> copies) {
  public Batch {
    chunks = List.copyOf(chunks);
    copies = List.copyOf(copies);
  }

  public boolean isEmpty() {
    return chunks.isEmpty();
  }

  /** Positions of all chunks. */
  public int positions() {
    return chunks.stream().mapToInt(Chunk::length).sum();
  }

  /** A block whose keys and values are wanted in another one too. */
  public record BlockCopy(int from, int to) {}

  /** What a chunk does for its sequence. */
  public enum Phase {
    /** Caches a part of the prompt. */
    PREFILL,
    /** Feeds the last generated token. */
    DECODE
  }

  /**
   * Consecutive positions of one sequence.
   *
   * @param start first position; all before it are cached
   * @param length positions to run, at least 1
   */
  public record Chunk(Sequence sequence, int start, int length, Phase phase) {

    /**
     * Whether the chunk reaches the sequence's end, so that its last position says what follows.
     */
    public boolean yieldsToken() {
      return start + length == sequence.length();
    }
  }
}
