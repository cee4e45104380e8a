package dev.sluice.models.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Numbers of transformers 5.18's own processors. */
class LogitsProcessorTest {
  private static final float NEVER = Float.NEGATIVE_INFINITY;

  @Test
  void repetitionPenalty_dividesAboveZero_multipliesBelow_eachIdOnce() {
    assertThat(scores(new RepetitionPenalty(1.3f), 1, 3, 5, 3, PromptLayout.VISUAL, 77))
        .containsExactly(1.5f, -2.6f, 0.25f, 2.3076923f, -0.5f, 0.5769231f);
  }

  @Test
  void noRepeatNgram_bansWhatWouldEndAKnownOne() {
    assertThat(scores(new NoRepeatNgram(2), 1, 3, 5, 2, 1, 3))
        .containsExactly(1.5f, -2f, 0.25f, 3f, -0.5f, NEVER);
    assertThat(scores(new NoRepeatNgram(4), 1, 3, 5))
        .containsExactly(1.5f, -2f, 0.25f, 3f, -0.5f, 0.75f);
  }

  @Test
  void badWord_bansItsLastId_behindTheOthers() {
    assertThat(scores(new BadWord(List.of(3)), 1, 5, 3)[3]).isEqualTo(NEVER);
    assertThat(scores(new BadWord(List.of(5, 3, 0)), 1, 5, 3)[0]).isEqualTo(NEVER);
    assertThat(scores(new BadWord(List.of(5, 3, 0)), 5, 1, 3)[0]).isEqualTo(1.5f);
    assertThat(scores(new BadWord(List.of(1, 1, 5, 3, 0)), 1, 5, 3)[0]).isEqualTo(1.5f);
  }

  @Test
  void bannedTokens_holdForTheirStretch() {
    LogitsProcessor banned = new BannedTokens(Set.of(2, 99), 1, 3);
    assertThat(scores(banned, 4)[2]).isEqualTo(0.25f); // the prompt alone
    assertThat(scores(banned, 4, 0)[2]).isEqualTo(NEVER);
    assertThat(scores(banned, 4, 0, 0)[2]).isEqualTo(NEVER);
    assertThat(scores(banned, 4, 0, 0, 0)[2]).isEqualTo(0.25f);
  }

  @Test
  void forcedTokens_leaveNothingElse() {
    LogitsProcessor forced = new ForcedTokens(Set.of(4), 1);
    assertThat(scores(forced, 4, 0)).containsExactly(NEVER, NEVER, NEVER, NEVER, 0, NEVER);
    assertThat(scores(forced, 4)[0]).isEqualTo(1.5f);
    assertThatThrownBy(() -> scores(new ForcedTokens(Set.of(6), 0), 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected an id from 0 to 5, found 6");
  }

  /** Scores behind a prompt of one id. */
  private static float[] scores(LogitsProcessor rule, int... ids) {
    float[] scores = {1.5f, -2, 0.25f, 3, -0.5f, 0.75f};
    rule.process(new TokenHistory(ids, 1), scores);
    return scores;
  }
}
