package dev.sluice.operators.poison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.operators.poison.Deaths.Verdict;
import dev.sluice.serde.Rejection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeathsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Suspect A = suspect(1);
  private static final Suspect B = suspect(2);

  @Test
  void unknownPicture_isFree() {
    assertThat(Deaths.NONE.verdictOn(A)).isEqualTo(Verdict.FREE);
  }

  @Test
  void firstDeath_makesSuspectsOfAll_andPoisonOfNone() {
    Deaths deaths = Deaths.NONE.after(List.of(A, B), NOW);
    assertThat(deaths.verdictOn(A)).isEqualTo(Verdict.ALONE);
    assertThat(deaths.verdictOn(B)).isEqualTo(Verdict.ALONE);
    assertThat(Deaths.NONE.after(List.of(A), NOW).verdictOn(A)).isEqualTo(Verdict.ALONE);
  }

  @Test
  void secondDeathAlone_isPoison_andItsNeighbourIsNot() {
    Deaths deaths = Deaths.NONE.after(List.of(A, B), NOW).after(List.of(A), NOW);
    assertThat(deaths.verdictOn(A)).isEqualTo(Verdict.POISON);
    assertThat(deaths.of(A)).isEqualTo(2);
    assertThat(deaths.verdictOn(B)).isEqualTo(Verdict.ALONE);
    assertThat(deaths.cleared(B).verdictOn(B)).isEqualTo(Verdict.FREE);
  }

  @Test
  void manyDeathsInCompany_condemnNobody() {
    Deaths deaths = Deaths.NONE;
    for (int i = 0; i < 5; i++) {
      deaths = deaths.after(List.of(A, B), NOW);
    }
    assertThat(deaths.verdictOn(A)).isEqualTo(Verdict.ALONE);
    assertThat(deaths.verdictOn(B)).isEqualTo(Verdict.ALONE);
  }

  @Test
  void clearedInBetween_countsAnew() {
    Deaths deaths = Deaths.NONE.after(List.of(A, B), NOW).cleared(A).after(List.of(A), NOW);
    assertThat(deaths.verdictOn(A)).isEqualTo(Verdict.ALONE);
  }

  @Test
  void poison_isNotCleared() {
    Deaths deaths = Deaths.NONE.after(List.of(A), NOW).after(List.of(A), NOW);
    assertThat(deaths.cleared(A).verdictOn(A)).isEqualTo(Verdict.POISON);
  }

  @Test
  void samePictureTwiceInOneProcess_diedOnceAndAlone() {
    Suspect otherEvent = new Suspect(A.work(), A.picture(), "f".repeat(16));
    Deaths deaths = Deaths.NONE.after(List.of(A, otherEvent), NOW);
    assertThat(deaths.of(A)).isEqualTo(1);
    assertThat(deaths.after(List.of(otherEvent), NOW).verdictOn(A)).isEqualTo(Verdict.POISON);
  }

  @Test
  void otherWorkAtThePicture_isFree() {
    Deaths deaths = Deaths.NONE.after(List.of(A), NOW).after(List.of(A), NOW);
    Suspect sliced = new Suspect(Rejection.Stage.SLICE, A.picture(), A.event());
    assertThat(deaths.verdictOn(sliced)).isEqualTo(Verdict.FREE);
  }

  @Test
  void oldDeaths_areForgotten() {
    Deaths deaths = Deaths.NONE.after(List.of(A), NOW).after(List.of(B), NOW.plusSeconds(60));
    Deaths later = deaths.since(NOW.plusSeconds(1));
    assertThat(later.verdictOn(A)).isEqualTo(Verdict.FREE);
    assertThat(later.verdictOn(B)).isEqualTo(Verdict.ALONE);
  }

  @Test
  void text_readsBackTheSame_andWhatIsDamagedIsLeftOut() {
    Deaths deaths = Deaths.NONE.after(List.of(A, B), NOW).after(List.of(A), NOW);
    assertThat(Deaths.parse(deaths.toLines())).isEqualTo(deaths);
    List<String> damaged = new ArrayList<>(deaths.toLines());
    damaged.add("ENCODE x many suspect never");
    damaged.add("");
    assertThat(Deaths.parse(damaged)).isEqualTo(deaths);
    assertThat(Deaths.parse(List.of("sluice-deaths 2", damaged.get(1)))).isEqualTo(Deaths.NONE);
  }

  @Test
  void memory_isBounded_andKeepsTheNewest() {
    Deaths deaths =
        Deaths.NONE.after(IntStream.range(3, 5000).mapToObj(i -> suspect(i)).toList(), NOW);
    deaths = deaths.after(List.of(A), NOW.plusSeconds(1));
    assertThat(deaths.toLines()).hasSize(1 + 4096);
    assertThat(deaths.verdictOn(A)).isEqualTo(Verdict.ALONE);
  }

  static Suspect suspect(int number) {
    return new Suspect(
        Rejection.Stage.ENCODE, "%064x".formatted(number), "%016x".formatted(number));
  }
}
