package dev.sluice.models.generation;

import dev.sluice.models.generation.Batch.BlockCopy;
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
 * admitted, in order of arrival, when the pool has the blocks of what it has so far, and takes more
 * as it grows. When none is left, the one that was admitted last gives its blocks back and waits in
 * front of all others; what it has written stays, and only keys and values are computed again
 * (preemption by recomputation, Kwon et al. 2023, vLLM). The one admitted first always goes on, so
 * every text ends. Beams share blocks among themselves: a request with several takes its worst case
 * at once and keeps it.
 *
 * <p>The full blocks of a prompt's text prefix are shared. A sequence that finds the prefix known
 * starts behind it, even within the step that computes it: chunks stand in admission order, and a
 * pass writes keys and values of a layer before it reads them.
 */
public final class Scheduler {
  private final KvBlockPool pool;
  private final Limits limits;
  private final SharedPrefixes prefixes;
  private final ArrayDeque<SequenceGroup> waiting = new ArrayDeque<>();
  private final List<SequenceGroup> running = new ArrayList<>();

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
   * Queues a request.
   *
   * @throws IllegalArgumentException if the whole pool or a step is too small for it
   */
  void submit(SequenceGroup group) {
    requireRoom(group);
    waiting.add(group);
  }

  /** Checks what {@link #submit} checks, and queues nothing. */
  void requireRoom(SequenceGroup group) {
    if (group.size() > limits.sequences()) {
      throw new IllegalArgumentException(
          "request of %d beams: expected at most %d, as many as run at once; lower the beams or raise"
                  .formatted(group.size(), limits.sequences())
              + " sluice.generation.sequences");
    }
    int needed = group.worstCaseBlocks(pool);
    if (needed > pool.totalBlocks()) {
      throw new IllegalArgumentException(describe(group.first(), group.size(), needed));
    }
  }

  private String describe(Sequence sequence, int beams, int needed) {
    return ("sequence of %d prompt positions, %d rows beside them and up to %d new tokens in %d beams:"
            + " needs %d blocks of the key-value pool, which has %d; raise"
            + " sluice.generation.kv-cache or lower max-new-tokens")
        .formatted(
            sequence.prompt().length(),
            sequence.memoryRows(),
            sequence.options().maxNewTokens(),
            beams,
            needed,
            pool.totalBlocks());
  }

  public boolean hasWork() {
    return !waiting.isEmpty() || !running.isEmpty();
  }

  public int waitingCount() {
    return waiting.size();
  }

  /** Sequences that run or may do so at any step: every beam is one. */
  public int runningCount() {
    return running.stream().mapToInt(SequenceGroup::size).sum();
  }

  /** The next step; empty only where there is no work. Asking again without running is harmless. */
  public Batch schedule() {
    grow();
    List<Chunk> chunks = new ArrayList<>();
    List<BlockCopy> copies = new ArrayList<>();
    for (SequenceGroup group : running) {
      group.running().stream()
          .filter(Sequence::isDecoding)
          .forEach(sequence -> chunks.add(new Chunk(sequence, sequence.cached(), 1, Phase.DECODE)));
      copies.addAll(group.copies());
    }
    int budget = limits.positions() - chunks.size();
    for (SequenceGroup group : running) {
      if (!group.first().isDecoding() && budget > 0) {
        budget -= addPrefill(chunks, group.first(), budget);
      }
    }
    while (budget > 0 && admitNext()) {
      budget -= addPrefill(chunks, running.get(running.size() - 1).first(), budget);
    }
    return new Batch(chunks, copies);
  }

  /**
   * Takes in what a step gave, and takes out the requests that it finished.
   *
   * @return these, their blocks free again
   */
  List<SequenceGroup> postprocess(Batch batch, StepOutput output) {
    batch.chunks().forEach(chunk -> chunk.sequence().advance(chunk.length()));
    for (SequenceGroup group : running) {
      if (output.reached(group.running().get(0))) {
        group.accept(output, pool);
      }
    }
    List<SequenceGroup> finished = running.stream().filter(SequenceGroup::isFinished).toList();
    finished.forEach(group -> group.releaseBlocks(pool));
    running.removeAll(finished);
    return finished;
  }

  /** Drops every request and every known prefix; all blocks are free then. */
  public void clear() {
    waiting.clear();
    running.forEach(group -> group.releaseBlocks(pool));
    running.clear();
    prefixes.clear();
  }

  /**
   * Gives every text the block of its next position, at the cost of the last where none is left.
   */
  private void grow() {
    for (int i = 0; i < running.size(); i++) {
      SequenceGroup group = running.get(i);
      int needed = group.missingBlocks(pool);
      prefixes.makeRoom(needed);
      while (needed > pool.freeBlocks() && running.contains(group)) {
        preemptLast();
      }
      if (running.contains(group)) {
        group.takeBlocks(needed, pool);
      }
    }
  }

  private void preemptLast() {
    SequenceGroup last =
        running.stream()
            .filter(SequenceGroup::isPreemptible)
            .reduce((earlier, later) -> later)
            .orElseThrow();
    running.remove(last);
    last.preempt(pool);
    waiting.addFirst(last);
  }

  private static int addPrefill(List<Chunk> chunks, Sequence sequence, int budget) {
    int length = Math.min(sequence.pending(), budget);
    chunks.add(new Chunk(sequence, sequence.cached(), length, Phase.PREFILL));
    return length;
  }

  private boolean admitNext() {
    SequenceGroup next = waiting.peek();
    if (next == null || runningCount() + next.size() > limits.sequences()) {
      return false;
    }
    List<Integer> prefix = sharedPrefix(next.first().prompt());
    int[] shared = prefixes.acquire(prefix);
    int own = next.startingBlocks(pool) - shared.length;
    // A block for each text that runs, so that they do not push this one out at once.
    int spare = (int) running.stream().filter(SequenceGroup::isPreemptible).count();
    prefixes.makeRoom(own + spare);
    if (own + spare > pool.freeBlocks()) {
      pool.release(shared);
      return false;
    }
    next.assignBlocks(shared, pool);
    prefixes.remember(
        prefix, Arrays.copyOf(next.first().blocks(), prefix.size() / pool.blockSize()));
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
}
