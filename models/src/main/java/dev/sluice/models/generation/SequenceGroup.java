package dev.sluice.models.generation;

import dev.sluice.models.generation.Batch.BlockCopy;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.VisualTokens;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One request: a sequence, or as many as it has beams. Owned by the device thread; plain Java.
 *
 * <p>Beams share the blocks that all their positions fill and each owns those it still writes to,
 * from the start, so that a beam which takes over another's text needs no block that it does not
 * have: it shares the full blocks and copies the one being written. The first beam of a text goes
 * on where it is, others move to where a text has ended, so no copy reads what another overwrites.
 */
final class SequenceGroup {
  private final List<Sequence> members;
  private final TokenSelector selector;
  private final Set<Integer> endTokens;
  private final Predicate<List<Integer>> isOver;
  private final @Nullable BeamSearch search;
  private List<Sequence> running;
  private List<BlockCopy> copies = List.of();

  /**
   * @param isOver whether generated ids end the text without an end token
   */
  SequenceGroup(
      PromptLayout prompt,
      VisualTokens tokens,
      GenerationOptions options,
      Set<Integer> endTokens,
      Predicate<List<Integer>> isOver) {
    this.members = new ArrayList<>();
    for (int i = 0; i < options.beams().count(); i++) {
      members.add(new Sequence(prompt, tokens, options));
    }
    this.selector = new TokenSelector(options, prompt.length(), endTokens);
    this.endTokens = endTokens;
    this.isOver = isOver;
    this.search =
        members.size() == 1
            ? null
            : new BeamSearch(options.beams(), options.maxNewTokens(), endTokens);
    this.running = List.of(first());
  }

  /** The sequence that runs the prompt, and that holds the result in the end. */
  Sequence first() {
    return members.get(0);
  }

  /** Sequences that run at once at most. */
  int size() {
    return members.size();
  }

  /** Sequences that run now; beams in the order of their scores. */
  List<Sequence> running() {
    return Collections.unmodifiableList(running);
  }

  /** What the cache must copy before the next step. */
  List<BlockCopy> copies() {
    return copies;
  }

  boolean isFinished() {
    return first().finishReason().isPresent();
  }

  /** Blocks that the group ever holds at most, the shared ones counted once. */
  int worstCaseBlocks(KvBlockPool pool) {
    int each = pool.blocksFor(first().worstCaseLength());
    int own = each - first().prompt().length() / pool.blockSize();
    return each + (size() - 1) * own + pool.blocksFor(first().memoryRows());
  }

  /** Whether its blocks may be taken from it and computed again later. */
  boolean isPreemptible() {
    return size() == 1;
  }

  /** Blocks that the group takes when it is admitted, the shared ones included. */
  int startingBlocks(KvBlockPool pool) {
    return isPreemptible()
        ? pool.blocksFor(first().length()) + pool.blocksFor(first().memoryRows())
        : worstCaseBlocks(pool);
  }

  /** Blocks that the next step needs and the group has not. */
  int missingBlocks(KvBlockPool pool) {
    return Math.max(0, pool.blocksFor(first().length()) - first().blocks().length);
  }

  /** Takes more blocks from the pool, for positions to come. */
  void takeBlocks(int count, KvBlockPool pool) {
    if (count > 0) {
      first().assignBlocks(first().blocks(), pool.allocate(count));
    }
  }

  /** Gives all blocks back; the text so far stays, and is cached again when it is admitted. */
  void preempt(KvBlockPool pool) {
    first().forgetCache(pool);
  }

  /**
   * Takes the blocks to start with from the pool.
   *
   * @param prefix blocks of positions that are cached already, already shared with this group
   */
  void assignBlocks(int[] prefix, KvBlockPool pool) {
    Sequence first = first();
    int each = pool.blocksFor(isPreemptible() ? first.length() : first.worstCaseLength());
    first.assignBlocks(prefix, pool.allocate(each - prefix.length));
    first.assignMemoryBlocks(pool.allocate(pool.blocksFor(first.memoryRows())));
    first.advance(prefix.length * pool.blockSize());
    int full = first.prompt().length() / pool.blockSize();
    for (Sequence other : members.subList(1, size())) {
      other.assignBlocks(first.shareBlocks(full, pool), pool.allocate(each - full));
      pool.share(first.memoryBlocks());
      other.assignMemoryBlocks(first.memoryBlocks());
    }
  }

  void releaseBlocks(KvBlockPool pool) {
    members.forEach(member -> member.releaseBlocks(pool));
  }

  /** Adds the tokens of a step in which every running sequence reached its end. */
  void accept(StepOutput output, KvBlockPool pool) {
    copies = List.of();
    if (search == null) {
      SampledToken token =
          output
              .likeliest(first())
              .orElseGet(() -> selector.select(first(), output.logits(first())));
      first().append(token, endTokens.contains(token.id()));
      if (!isFinished() && isOver.test(first().generated())) {
        first().stop();
      }
    } else {
      advance(search, output, pool);
    }
  }

  private void advance(BeamSearch beams, StepOutput output, KvBlockPool pool) {
    List<float[]> scores = new ArrayList<>();
    List<float[]> logprobs = new ArrayList<>();
    for (Sequence beam : running) {
      float[] row = LogProbabilities.of(output.logits(beam));
      logprobs.add(row);
      scores.add(selector.scores(beam, row));
    }
    List<BeamSearch.Step> steps = beams.advance(scores, logprobs);
    if (beams.isDone()) {
      first().finishWith(beams.best(), endTokens);
    } else {
      move(steps, pool);
    }
  }

  private void move(List<BeamSearch.Step> steps, KvBlockPool pool) {
    List<Sequence> parents = steps.stream().map(step -> running.get(step.parent())).toList();
    Deque<Sequence> free = new ArrayDeque<>(members);
    free.removeAll(parents);
    Set<Sequence> continued = new HashSet<>();
    List<Sequence> next = new ArrayList<>();
    List<BlockCopy> copied = new ArrayList<>();
    for (Sequence parent : parents) {
      if (continued.add(parent)) {
        next.add(parent);
      } else {
        Sequence taker = free.remove();
        taker.takeOver(parent, pool).ifPresent(copied::add);
        next.add(taker);
      }
    }
    for (int i = 0; i < next.size(); i++) {
      next.get(i).append(steps.get(i).token(), false);
    }
    running = next;
    copies = copied;
  }
}
