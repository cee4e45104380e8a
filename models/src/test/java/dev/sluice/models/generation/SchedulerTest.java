package dev.sluice.models.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.generation.Batch.Chunk;
import dev.sluice.models.generation.Batch.Phase;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.GeneratedText.FinishReason;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.VisualTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static final int BLOCK = 4;

  /** A text of so many tokens is over, whatever they are. */
  private static final int OVER = 30;

  private static final SlicePlan PLAN = SlicePlan.overviewOnly(new Size(8, 8), new Size(8, 8));

  private final KvBlockPool pool = new KvBlockPool(16, BLOCK);

  @Test
  void step_mixesDecodesWithPrefills_withinTheBudget() {
    Scheduler scheduler = scheduler(4, 10);
    SequenceGroup first = request(0, 6, 3);
    scheduler.submit(first);
    run(scheduler.schedule(), scheduler);
    scheduler.submit(request(0, 12, 3));
    Batch batch = scheduler.schedule();
    assertThat(batch.chunks())
        .extracting(Chunk::phase)
        .containsExactly(Phase.DECODE, Phase.PREFILL);
    assertThat(batch.chunks()).extracting(Chunk::length).containsExactly(1, 9);
    assertThat(batch.chunks()).extracting(Chunk::yieldsToken).containsExactly(true, false);
  }

  @Test
  void schedule_withoutRunning_givesTheSameStep() {
    Scheduler scheduler = scheduler(4, 10);
    scheduler.submit(request(0, 6, 3));
    scheduler.submit(request(0, 12, 3));
    assertThat(scheduler.schedule()).isEqualTo(scheduler.schedule());
  }

  @Test
  void admission_takesTheBlocksOfThePromptAlone() {
    Scheduler scheduler = scheduler(4, 100);
    scheduler.submit(request(0, 20, 21)); // 40 positions in the end, 10 of 16 blocks
    scheduler.submit(request(0, 20, 21));
    assertThat(scheduler.schedule().chunks()).hasSize(2);
    assertThat(pool.freeBlocks()).isEqualTo(6);
    drain(scheduler);
    assertThat(pool.freeBlocks()).isEqualTo(16);
  }

  @Test
  void blocksRunOut_theLastIsPreempted_keepsItsTextAndIsComputedAgain() {
    Scheduler scheduler = scheduler(4, 100);
    SequenceGroup first = request(0, 20, 21);
    SequenceGroup second = request(0, 20, 21);
    scheduler.submit(first);
    scheduler.submit(second);
    runUntilOneIsPreempted(scheduler);
    assertThat(second.first().blocks()).isEmpty();
    List<Integer> written = List.copyOf(second.first().generated());
    assertThat(written).hasSizeBetween(10, 15);

    Batch again = scheduler.schedule();
    while (again.chunks().size() == 1) {
      assertThat(again.chunks().get(0).sequence()).isSameAs(first.first());
      run(again, scheduler);
      again = scheduler.schedule();
      if (first.isFinished()) {
        break;
      }
    }
    Chunk recomputed = again.chunks().get(0);
    assertThat(recomputed.sequence()).isSameAs(second.first());
    assertThat(recomputed.start()).isZero();
    assertThat(recomputed.length()).isEqualTo(20 + written.size());
    assertThat(recomputed.yieldsToken()).isTrue();
    assertThat(second.first().generated()).isEqualTo(written);
    drain(scheduler);
    assertThat(second.first().generated()).hasSize(21);
    assertThat(pool.freeBlocks()).isEqualTo(16);
  }

  @Test
  void preempted_goesBeforeAllThatWait() {
    Scheduler scheduler = scheduler(2, 100);
    List<SequenceGroup> ended = new ArrayList<>();
    List<SequenceGroup> all = List.of(request(0, 20, 21), request(0, 20, 21), request(0, 20, 21));
    all.forEach(scheduler::submit);
    while (scheduler.hasWork()) {
      Batch batch = scheduler.schedule();
      ended.addAll(scheduler.postprocess(batch, tokens(batch)));
    }
    assertThat(ended).containsExactlyElementsOf(all);
  }

  @Test
  void schedule_afterPreemption_givesTheSameStepAgain() {
    Scheduler scheduler = scheduler(4, 100);
    scheduler.submit(request(0, 20, 21));
    scheduler.submit(request(0, 20, 21));
    runUntilOneIsPreempted(scheduler);
    assertThat(scheduler.schedule()).isEqualTo(scheduler.schedule());
  }

  @Test
  void textThatIsOver_stopsWithoutAnEndToken() {
    Scheduler scheduler = scheduler(4, 100);
    SequenceGroup group = request(0, 4, OVER + 10);
    scheduler.submit(group);
    drain(scheduler);
    assertThat(group.first().generated()).hasSize(OVER);
    assertThat(group.first().finishReason()).contains(FinishReason.STOP);
    assertThat(group.first().endToken()).isEmpty();
    assertThat(pool.freeBlocks()).isEqualTo(16);
  }

  @Test
  void submit_ofWhatNeverFits_namesTheNumbers() {
    Scheduler scheduler = scheduler(4, 100);
    assertThatThrownBy(() -> scheduler.submit(request(0, 60, 10)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("60 prompt positions")
        .hasMessageContaining("needs 18 blocks")
        .hasMessageContaining("has 16");
  }

  @Test
  void knownPrefix_isSharedByReference_andStartsBehindIt() {
    Scheduler scheduler = scheduler(4, 100);
    SequenceGroup first = request(9, 4, 2); // 2 full blocks of text before the picture
    SequenceGroup second = request(9, 4, 2);
    scheduler.submit(first);
    scheduler.submit(second);
    Batch batch = scheduler.schedule();
    assertThat(batch.chunks()).extracting(Chunk::start).containsExactly(0, 8);
    assertThat(Arrays.copyOf(second.first().blocks(), 2))
        .isEqualTo(Arrays.copyOf(first.first().blocks(), 2));
    assertThat(pool.references(first.first().blocks()[0])).isEqualTo(3); // two texts and the prefix
    drain(scheduler);
    assertThat(pool.freeBlocks()).isEqualTo(14);
    scheduler.clear();
    assertThat(pool.freeBlocks()).isEqualTo(16);
  }

  @Test
  void unusedPrefix_makesRoom() {
    Scheduler scheduler = scheduler(4, 100);
    scheduler.submit(request(9, 4, 2));
    drain(scheduler);
    scheduler.submit(request(0, 60, 5)); // 64 positions: the whole pool
    assertThat(scheduler.schedule().isEmpty()).isFalse();
    drain(scheduler);
    assertThat(pool.freeBlocks()).isEqualTo(16);
  }

  @Property(tries = 100)
  void anyMix_finishesInFull_withoutLosingABlock(
      @ForAll List<@IntRange(min = 0, max = 2000) Integer> seeds,
      @ForAll @IntRange(min = 1, max = 5) int sequences,
      @ForAll @IntRange(min = 5, max = 40) int positions) {
    KvBlockPool blocks = new KvBlockPool(16, BLOCK);
    Scheduler scheduler = new Scheduler(blocks, new Scheduler.Limits(sequences, positions));
    List<SequenceGroup> all = new ArrayList<>();
    for (int seed : seeds) {
      SequenceGroup sequence = request(seed % 13, 1 + seed % 29, 1 + seed % 7);
      all.add(sequence);
      scheduler.submit(sequence);
    }
    int steps = 0;
    while (scheduler.hasWork()) {
      Batch batch = scheduler.schedule();
      assertThat(batch.isEmpty()).isFalse();
      assertThat(batch.positions()).isLessThanOrEqualTo(positions);
      assertThat(scheduler.runningCount()).isLessThanOrEqualTo(sequences);
      run(batch, scheduler);
      assertThat(steps++).isLessThan(100_000);
    }
    assertThat(all)
        .allMatch(done -> done.first().generated().size() == done.first().options().maxNewTokens());
    scheduler.clear();
    assertThat(blocks.freeBlocks()).isEqualTo(16);
  }

  private Scheduler scheduler(int sequences, int positions) {
    return new Scheduler(pool, new Scheduler.Limits(sequences, positions));
  }

  /** A prompt of text, then a picture's tokens. */
  private static SequenceGroup request(int text, int visual, int maxNewTokens) {
    int[] ids = new int[text + visual];
    Arrays.fill(ids, PromptLayout.VISUAL);
    for (int i = 0; i < text; i++) {
      ids[i] = i;
    }
    VisualTokens tokens = new VisualTokens(PLAN, visual, 1, Dtype.FLOAT16, new byte[2 * visual]);
    return new SequenceGroup(
        new PromptLayout(ids),
        tokens,
        GenerationOptions.greedy(maxNewTokens),
        Set.of(),
        generated -> generated.size() == OVER);
  }

  private static void runUntilOneIsPreempted(Scheduler scheduler) {
    do {
      run(scheduler.schedule(), scheduler);
    } while (scheduler.waitingCount() == 0);
  }

  private static void drain(Scheduler scheduler) {
    while (scheduler.hasWork()) {
      run(scheduler.schedule(), scheduler);
    }
  }

  /** Plays the model: every chunk that yields a token gets token 7. */
  private static void run(Batch batch, Scheduler scheduler) {
    scheduler.postprocess(batch, tokens(batch));
  }

  private static StepOutput tokens(Batch batch) {
    StepOutput output = new StepOutput();
    for (Chunk chunk : batch.chunks()) {
      if (chunk.yieldsToken()) {
        output.addLikeliest(chunk.sequence(), new SampledToken(7, -1));
      }
    }
    return output;
  }
}
