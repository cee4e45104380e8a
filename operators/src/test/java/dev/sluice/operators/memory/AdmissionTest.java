package dev.sluice.operators.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.memory.LeaseRequest.Precedence;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.memory.NoRoomException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final Object MODEL = "model";
  private static final CostCorrection CORRECTION = new CostCorrection();
  private static final ImageBytes IMAGE = new ImageBytes(10, 5, 0);

  private final MemoryLedger ledger = new MemoryLedger("cpu", 50);
  private final AdmissionDesk desk =
      new AdmissionDesk(ledger, MODEL, IMAGE, CORRECTION, Precedence.NEW);

  @Test
  void shared_isReleasedWithTheLastShare() {
    Admission first = admit(desk, 3).join();
    Admission second = first.share();
    first.close();
    first.close();
    assertThat(ledger.usedBytes()).isEqualTo(13);
    second.close();
    assertThat(ledger.usedBytes()).isZero();
    assertThatThrownBy(second::share).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shrunkBy_neverBelowNothing() {
    Admission admission = admit(desk, 3).join();
    admission.shrinkBy(4);
    assertThat(ledger.usedBytes()).isEqualTo(9);
    admission.shrinkBy(0);
    assertThat(ledger.usedBytes()).isEqualTo(9);
    admission.shrinkBy(100);
    assertThat(ledger.usedBytes()).isZero();
    admission.close();
  }

  @Test
  void handover_twoTakers_keepMemoryUntilBothAreDone() {
    List<Admission> taken = new ArrayList<>();
    try (Admission sender = admit(desk, 3).join()) {
      Handover.during(
          "e1",
          sender,
          () -> {
            taken.add(desk.takeOffered("e1").orElseThrow());
            taken.add(desk.takeOffered("e1").orElseThrow());
          });
    }
    assertThat(ledger.usedBytes()).isEqualTo(13);
    taken.get(0).close();
    assertThat(ledger.usedBytes()).isEqualTo(13);
    taken.get(1).close();
    assertThat(ledger.usedBytes()).isZero();
  }

  @Test
  void shrunk_isWhatTheNeediestShareNeeds() {
    Admission first = admit(desk, 3).join();
    Admission second = first.share();
    first.shrinkTo(3);
    assertThat(ledger.usedBytes()).isEqualTo(13);
    second.shrinkTo(5);
    assertThat(ledger.usedBytes()).isEqualTo(5);
    second.close();
    assertThat(ledger.usedBytes()).isEqualTo(3);
    first.shrinkTo(9);
    first.share().close();
    assertThat(ledger.usedBytes()).isEqualTo(3);
    first.close();
    first.shrinkTo(1);
    assertThat(ledger.usedBytes()).isZero();
  }

  @Test
  void onRelease_comesOnceAfterTheLastShareOrAtOnce() {
    List<String> released = new ArrayList<>();
    Admission first = admit(desk, 3).join();
    Admission second = first.share();
    first.onRelease(() -> released.add("left"));
    first.close();
    assertThat(released).isEmpty();
    second.close();
    second.close();
    assertThat(released).containsExactly("left");
    assertThat(ledger.usedBytes()).isZero();
    first.onRelease(() -> released.add("late"));
    assertThat(released).containsExactly("left", "late");
  }

  @Test
  void handover_nobodyTakes_givesMemoryBack() {
    try (Admission sender = admit(desk, 3).join()) {
      Handover.during("e1", sender, () -> {});
    }
    assertThat(ledger.usedBytes()).isZero();
    assertThat(desk.takeOffered("e1")).isEmpty();
  }

  @Test
  void handover_nested_isRestored() {
    AdmissionDesk otherModel =
        new AdmissionDesk(ledger, "other", IMAGE, CORRECTION, Precedence.NEW);
    Admission outer = admit(desk, 0).join();
    Admission inner = admit(desk, 0).join();
    Handover.during(
        "outer",
        outer,
        () -> {
          Handover.during("inner", inner, () -> assertThat(desk.takeOffered("outer")).isEmpty());
          assertThat(otherModel.takeOffered("outer")).isEmpty();
          Optional<Admission> taken = desk.takeOffered("outer");
          assertThat(taken).isPresent();
        });
    assertThat(desk.takeOffered("outer")).isEmpty();
  }

  @Test
  void desk_keepsRoomForLaterSteps() {
    AdmissionDesk encode =
        new AdmissionDesk(ledger, MODEL, new ImageBytes(10, 5, 1), CORRECTION, Precedence.NEW);
    assertThat(admit(encode, 0)).isDone();
    assertThat(admit(encode, 0)).isDone();
    assertThat(admit(encode, 0)).isDone();
    // 20 are free, and 15 must stay free for a picture in decode.
    assertThat(admit(encode, 5)).isNotDone();
    AdmissionDesk decode =
        new AdmissionDesk(ledger, MODEL, IMAGE, CORRECTION, Precedence.UNDER_WAY);
    assertThat(admit(decode, 5)).isDone();
  }

  @Test
  void desk_neverRoom_fails() {
    AdmissionDesk huge =
        new AdmissionDesk(ledger, MODEL, new ImageBytes(51, 5, 0), CORRECTION, Precedence.NEW);
    assertThat(admit(huge, 0))
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(NoRoomException.class);
  }

  @Test
  void desk_unknownOrAbsurdSize_isTheLargestAllowed() {
    assertThat(admit(desk, -1)).isDone();
    assertThat(ledger.usedBytes()).isEqualTo(15);
    assertThat(admit(desk, Long.MAX_VALUE)).isDone();
    assertThat(ledger.usedBytes()).isEqualTo(30);
  }

  @Test
  void gate_creditNotUsed_goesBack() {
    CreditGate gate = new CreditGate(ledger, MODEL, IMAGE, CORRECTION, 2);
    gate.tryEnter().orElseThrow().close();
    assertThat(ledger.usedBytes()).isZero();
    assertThat(gate.inFlight()).isZero();
  }

  @Test
  void gate_knownSize_returnsTheRest() {
    CreditGate gate = new CreditGate(ledger, MODEL, IMAGE, CORRECTION, 2);
    Admission admission;
    try (CreditGate.Credit credit = gate.tryEnter().orElseThrow()) {
      assertThat(ledger.usedBytes()).isEqualTo(15);
      admission = credit.admit(1);
    }
    assertThat(ledger.usedBytes()).isEqualTo(11);
    admission.close();
    assertThat(ledger.usedBytes()).isZero();
    assertThat(gate.inFlight()).isZero();
  }

  @Test
  void gate_capacityReached_opensWithTheFirstThatLeaves() {
    CreditGate gate = new CreditGate(ledger, MODEL, IMAGE, CORRECTION, 1);
    CreditGate.Credit credit = gate.tryEnter().orElseThrow();
    Admission admission = credit.admit(0);
    assertThat(gate.tryEnter()).isEmpty();
    CompletableFuture<Void> opened = gate.opened();
    assertThat(opened).isNotDone();
    admission.close();
    assertThat(opened).isDone();
    assertThat(gate.opened()).isDone();
    assertThat(gate.tryEnter()).isPresent();
  }

  @Test
  void gate_ledgerFull_opensWhenWorstCaseFits() {
    CreditGate gate = new CreditGate(ledger, MODEL, IMAGE, CORRECTION, 9);
    AdmissionDesk large =
        new AdmissionDesk(ledger, MODEL, new ImageBytes(40, 0, 0), CORRECTION, Precedence.NEW);
    Admission other = admit(large, 0).join();
    assertThat(gate.tryEnter()).isEmpty();
    CompletableFuture<Void> opened = gate.opened();
    assertThat(opened).isNotDone();
    other.close();
    assertThat(opened).isDone();
  }

  @Test
  void desk_operatorClosedWhileItWaited_givesMemoryBack() {
    Admission other = admit(desk, 0).join();
    AdmissionDesk large =
        new AdmissionDesk(ledger, MODEL, new ImageBytes(45, 0, 0), CORRECTION, Precedence.NEW);
    AtomicBoolean closed = new AtomicBoolean();
    CompletableFuture<Admission> waiting = large.admit(0, closed::get);
    closed.set(true);
    other.close();
    assertThat(waiting).isCompletedExceptionally();
    assertThat(ledger.usedBytes()).isZero();
  }

  @Test
  void gate_workThatTakesMoreThanEstimated_isAdmittedAtItsCorrectedCost() {
    CostCorrection correction = new CostCorrection();
    CreditGate gate = new CreditGate(ledger, MODEL, IMAGE, correction, 9);
    correction.set("encode", 2);
    CreditGate.Credit credit = gate.tryEnter().orElseThrow();
    assertThat(ledger.usedBytes()).isEqualTo(25);
    Admission admission = credit.admit(1);
    assertThat(ledger.usedBytes()).isEqualTo(21);
    admission.close();
    correction.set("encode", 1);
    assertThat(gate.tryEnter()).isPresent();
    assertThat(ledger.usedBytes()).isEqualTo(15);
  }

  @Test
  void gate_correctionBeyondTheBudget_stillLetsOnePictureThrough() {
    CostCorrection correction = new CostCorrection();
    CreditGate gate = new CreditGate(ledger, MODEL, new ImageBytes(10, 5, 2), correction, 9);
    correction.set("encode", 1000);
    assertThat(gate.tryEnter()).isPresent();
    assertThat(gate.tryEnter()).isEmpty();
  }

  /** The one that is always first to ask again must not get every credit. */
  @Test
  void gates_roomForOne_takeTurns() {
    MemoryLedger small = new MemoryLedger("cpu", 15);
    CreditGate eager = new CreditGate(small, MODEL, IMAGE, CORRECTION, 9);
    CreditGate other = new CreditGate(small, "other", IMAGE, CORRECTION, 9);
    CreditGate.Credit held = eager.tryEnter().orElseThrow();
    for (int i = 0; i < 10; i++) {
      CreditGate waiting = i % 2 == 0 ? other : eager;
      CreditGate holding = i % 2 == 0 ? eager : other;
      CompletableFuture<Void> turn = waiting.opened();
      assertThat(turn).isNotDone();
      held.close();
      assertThat(holding.tryEnter()).isEmpty();
      assertThat(turn).isDone();
      held = waiting.tryEnter().orElseThrow();
    }
  }

  @Test
  void gate_closedWhileItWaits_leavesTheLine() {
    MemoryLedger small = new MemoryLedger("cpu", 15);
    CreditGate one = new CreditGate(small, MODEL, IMAGE, CORRECTION, 9);
    CreditGate two = new CreditGate(small, MODEL, IMAGE, CORRECTION, 9);
    CreditGate three = new CreditGate(small, MODEL, IMAGE, CORRECTION, 9);
    CreditGate.Credit held = one.tryEnter().orElseThrow();
    assertThat(two.opened()).isNotDone();
    CompletableFuture<Void> third = three.opened();
    held.close();
    assertThat(third).isNotDone();
    two.close(); // the credit that was kept for it goes to the next
    assertThat(third).isDone();
    three.close();
    assertThat(small.usedBytes()).isZero();
  }

  @Test
  void gate_neverRoom_fails() {
    ledger.lease("weights", 36);
    CreditGate gate = new CreditGate(ledger, MODEL, IMAGE, CORRECTION, 9);
    assertThatThrownBy(gate::tryEnter)
        .isInstanceOf(NoRoomException.class)
        .hasMessageContaining("weights");
  }

  private static CompletableFuture<Admission> admit(AdmissionDesk at, long fileBytes) {
    return at.admit(fileBytes, () -> false);
  }
}
