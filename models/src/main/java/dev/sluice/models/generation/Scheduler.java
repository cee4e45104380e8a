package dev.sluice.models.generation;

import dev.sluice.models.generation.Batch.Chunk;
import dev.sluice.models.generation.Batch.Phase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decides what the next step runs. Owned by the device thread; plain Java.
 *
 * <p>Every decoding sequence gets its one position first, so that prefills never hold back running
 * texts; prompts share what is left of the step's budget, in pieces where they must. A sequence is
 * admitted, in order of arrival, when the pool has the blocks of its worst case, so a running
 * sequence never lacks one.
 *
 * <p>The full blocks of a prompt's text prefix are shared. A sequence that finds the prefix known
 * starts behind it, even within the step that computes it: chunks stand in admission order, and a
 * pass writes keys and values of a layer before it reads them.
 */
public final class Scheduler {
  private final KvBlockPool pool;
  private final Limits limits;
  private final SharedPrefixes prefixes;
  private final ArrayDeque<Sequence> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>();

  public Scheduler(KvBlockPool pool, Limits limits) {
    this.pool = pool;
    this.limits = limits;
    this.prefixes = new SharedPrefixes(pool);
  }

  /**
   * Bounds of one step. Immutable.
   *
   * @param sequences most sequences that run at once
   * @param positions most positions of one step; at least {@code sequences}
   */
  public record Limits(int sequences, int positions) {
    public Limits {
      if (sequences < 1 || positions < sequences) {
        throw new IllegalArgumentException(
            "step limits: expected 1 <= sequences <= positions, found %d and %d"
                .formatted(sequences, positions));
      }
    }
  }

  /**
   * Queues a sequence.
   *
   * @throws IllegalArgumentException if the whole pool is too small for it
   */
  public void submit(Sequence sequence) {
    int needed = pool.blocksFor(sequence.worstCaseLength());
    if (needed > pool.totalBlocks()) {
      throw new IllegalArgumentException(
          ("sequence of %d prompt positions and up to %d new tokens: needs %d blocks of the"
                  + " key-value pool, which has %d; raise sluice.generation.kv-cache or lower"
                  + " max-new-tokens")
              .formatted(
                  sequence.prompt().length(),
                  sequence.options().maxNewTokens(),
                  needed,
                  pool.totalBlocks()));
    }
    waiting.add(sequence);
  }

  public boolean hasWork() {
    return !waiting.isEmpty() || !running.isEmpty();
  }

  public int waitingCount() {
    return waiting.size();
  }

  public int runningCount() {
    return running.size();
  }

  /** The next step; empty only where there is no work. Asking again without running is harmless. */
  public Batch schedule() {
    List<Chunk> chunks = new ArrayList<>();
    int budget = limits.positions();
    for (Sequence sequence : running) {
      if (sequence.isDecoding()) {
        chunks.add(new Chunk(sequence, sequence.cached(), 1, Phase.DECODE));
        budget--;
      }
    }
    for (Sequence sequence : running) {
      if (!sequence.isDecoding() && budget > 0) {
        budget -= addPrefill(chunks, sequence, budget);
      }
    }
    while (budget > 0 && admitNext()) {
      budget -= addPrefill(chunks, running.get(running.size() - 1), budget);
    }
    return new Batch(chunks);
  }

  /** Takes a finished sequence out and frees its blocks. */
  public void finish(Sequence sequence) {
    if (!running.remove(sequence)) {
      throw new IllegalStateException("scheduler: finished a sequence that does not run");
    }
    pool.release(sequence.takeBlocks());
  }

  /** Drops every sequence and every known prefix; all blocks are free then. */
  public void clear() {
    waiting.clear();
    running.forEach(sequence -> pool.release(sequence.takeBlocks()));
    running.clear();
    prefixes.clear();
  }

  private static int addPrefill(List<Chunk> chunks, Sequence sequence, int budget) {
    int length = Math.min(sequence.pending(), budget);
    chunks.add(new Chunk(sequence, sequence.cached(), length, Phase.PREFILL));
    return length;
  }

  private boolean admitNext() {
    Sequence next = waiting.peek();
    if (next == null || running.size() == limits.sequences()) {
      return false;
    }
    List<Integer> prefix = sharedPrefix(next.prompt());
    int[] shared = prefixes.acquire(prefix);
    int own = pool.blocksFor(next.worstCaseLength()) - shared.length;
    prefixes.makeRoom(own);
    if (own > pool.freeBlocks()) {
      pool.release(shared);
      return false;
    }
    int[] blocks = concat(shared, pool.allocate(own));
    next.assignBlocks(blocks, shared.length * pool.blockSize());
    prefixes.remember(prefix, Arrays.copyOf(blocks, prefix.size() / pool.blockSize()));
    waiting.remove();
    running.add(next);
    return true;
  }

  /** The ids of the full blocks before the picture; the prompt's last position is never shared. */
  private List<Integer> sharedPrefix(PromptLayout prompt) {
    int shareable = Math.min(prompt.textPrefixLength(), prompt.length() - 1);
    int length = shareable / pool.blockSize() * pool.blockSize();
    List<Integer> ids = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      ids.add(prompt.at(i));
    }
    return List.copyOf(ids);
  }

  private static int[] concat(int[] first, int[] second) {
    int[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
