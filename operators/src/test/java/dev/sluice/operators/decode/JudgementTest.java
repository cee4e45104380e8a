package dev.sluice.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.value.LabelScores;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.ModerationPolicy.Label;
import dev.sluice.serde.Sha256;
import dev.sluice.serde.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgementTest {
  private static final ModerationPolicy POLICY = policy("goods", "1");

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.1, ALLOW",
    "0.5, 0.1, REVIEW",
    "0.1, 0.4, REVIEW",
    "0.8, 0.4, BLOCK",
    "0.5, 0.9, BLOCK",
    "0.49, 0.39, ALLOW"
  })
  void decide_takesTheStrictestLabel(double knife, double pill, Verdict.Decision expected) {
    assertThat(Judgement.decide(POLICY, scores(knife, pill))).isEqualTo(expected);
  }

  @Test
  void labels_carryScoreAndBlockThreshold() {
    assertThat(Judgement.labels(POLICY, scores(0.3, 0.6)))
        .containsExactly(
            new Verdict.Label("KNIFE", 0.3, 0.8, null), new Verdict.Label("PILL", 0.6, 0.9, null));
  }

  @Test
  void verdictId_sameInput_isTheSameAndAnyChangeShows() {
    String id = id("e1", "picture", POLICY, "w");
    assertThat(id).matches("[0-9a-f]{64}").isEqualTo(id("e1", "picture", POLICY, "w"));
    assertThat(
            List.of(
                id("e2", "picture", POLICY, "w"),
                id("e1", "other", POLICY, "w"),
                id("e1", "picture", policy("goods", "2"), "w"),
                id("e1", "picture", policy("good", "s1"), "w"),
                id("e1", "picture", POLICY, "x"),
                id("e1", "picture", POLICY, "w", "1"),
                id("e1", "picture", POLICY, "w", "2")))
        .doesNotContain(id)
        .doesNotHaveDuplicates();
  }

  @Test
  void policy_wrong_saysWhatIsExpected() {
    assertThatThrownBy(
            () ->
                new ModerationPolicy(
                    "p", "1", "?", List.of("a", "b"), "c", List.of(new Label("A", "a", 0, 1))))
        .hasMessage("policy 'p': expected the neutral option among [a, b], found c");
    assertThatThrownBy(
            () ->
                new ModerationPolicy(
                    "p", "1", "?", List.of("a", "b"), "b", List.of(new Label("A", "x", 0, 1))))
        .hasMessage("policy 'p': expected an option of [a, b], found x");
    assertThatThrownBy(() -> new Label("A", "a", 0.9, 0.8))
        .hasMessageContaining("review threshold <= block threshold");
    assertThatThrownBy(() -> new Label("A", "a", Double.NaN, 0.8))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String id(String event, String picture, ModerationPolicy policy, String model) {
    return id(event, picture, policy, model, null);
  }

  private static String id(
      String event,
      String picture,
      ModerationPolicy policy,
      String model,
      @Nullable String calibration) {
    String sha256 = Sha256.hexOf(picture.getBytes(StandardCharsets.UTF_8));
    return Judgement.verdictId(event, sha256, policy, model, calibration);
  }

  private static LabelScores scores(double knife, double pill) {
    return new LabelScores(List.of(knife, 0.0, pill), LabelScores.ScoreType.NEXT_TOKEN_PROBABILITY);
  }

  private static ModerationPolicy policy(String id, String version) {
    return new ModerationPolicy(
        id,
        version,
        "forbidden?",
        List.of("knife", "none", "pill"),
        "none",
        List.of(new Label("KNIFE", "knife", 0.5, 0.8), new Label("PILL", "pill", 0.4, 0.9)));
  }
}
