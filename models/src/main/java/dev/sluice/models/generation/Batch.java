package dev.sluice.models.generation;

import java.util.List;

/** What one step runs: pieces of many sequences, prefills and decodes mixed. Immutable. */
public record Batch(List<Chunk> chunks) {
  public Batch {
    chunks = List.copyOf(chunks);
  }

  public boolean isEmpty() {
    return chunks.isEmpty();
  }

  /** Positions of all chunks. */
  public int positions() {
    return chunks.stream().mapToInt(Chunk::length).sum();
  }

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
