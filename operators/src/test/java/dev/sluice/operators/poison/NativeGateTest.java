package dev.sluice.operators.poison;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class NativeGateTest {
  private final NativeGate gate = new NativeGate();

  @Test
  void ordinaryWork_entersAtOnce() {
    assertThat(gate.enter(false)).isCompleted();
    assertThat(gate.enter(false)).isCompleted();
  }

  @Test
  void suspect_waitsForAllBefore_andAllAfterWaitForIt() {
    var unused = gate.enter(false);
    CompletableFuture<Void> suspect = gate.enter(true);
    CompletableFuture<Void> later = gate.enter(false);
    assertThat(suspect).isNotCompleted();
    assertThat(later).isNotCompleted();
    gate.leave();
    assertThat(suspect).isCompleted();
    assertThat(later).isNotCompleted();
    gate.leave();
    assertThat(later).isCompleted();
  }

  @Test
  void twoSuspects_takeTurns() {
    CompletableFuture<Void> first = gate.enter(true);
    CompletableFuture<Void> second = gate.enter(true);
    assertThat(first).isCompleted();
    assertThat(second).isNotCompleted();
    gate.leave();
    assertThat(second).isCompleted();
  }

  /** Whoever comes and goes: a suspect is inside alone, and all get in. */
  @Property(tries = 200)
  void anyOrder_keepsSuspectsAlone_andLetsAllIn(@ForAll Random random) {
    NativeGate any = new NativeGate();
    List<Visit> inside = new ArrayList<>();
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      boolean alone = random.nextInt(4) == 0;
      Visit visit = new Visit(alone);
      visits.add(visit);
      var unused = any.enter(alone).thenRun(() -> inside.add(visit));
      check(inside);
      while (!inside.isEmpty() && random.nextBoolean()) {
        inside.remove(random.nextInt(inside.size())).left = true;
        any.leave();
        check(inside);
      }
    }
    while (!inside.isEmpty()) {
      inside.remove(0).left = true;
      any.leave();
      check(inside);
    }
    assertThat(visits).allMatch(visit -> visit.left);
  }

  private static void check(List<Visit> inside) {
    assertThat(inside.size() <= 1 || inside.stream().noneMatch(visit -> visit.alone)).isTrue();
  }

  private static final class Visit {
    private final boolean alone;
    private boolean left;

    private Visit(boolean alone) {
      this.alone = alone;
    }
  }
}
