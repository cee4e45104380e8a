package dev.sluice.operators.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.memory.NoRoomException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final Object MODEL = "model";
  private static final ImageBytes IMAGE = new ImageBytes(10, 5, 0);

  private final MemoryLedger ledger = new MemoryLedger("cpu", 50);
  private final AdmissionDesk desk = new AdmissionDesk(ledger, MODEL, IMAGE);

  @Test
  void shared_isReleasedWithTheLastShare() {
    Admission first = desk.tryAdmit(3).orElseThrow();
    Admission second = first.share();
    first.close();
    first.close();
    assertThat(ledger.usedBytes()).isEqualTo(13);
    second.close();
    assertThat(ledger.usedBytes()).isZero();
    assertThatThrownBy(second::share).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void handover_twoTakers_keepMemoryUntilBothAreDone() {
    List<Admission> taken = new ArrayList<>();
    try (Admission sender = desk.tryAdmit(3).orElseThrow()) {
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
    Admission first = desk.tryAdmit(3).orElseThrow();
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
    Admission first = desk.tryAdmit(3).orElseThrow();
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
    try (Admission sender = desk.tryAdmit(3).orElseThrow()) {
      Handover.during("e1", sender, () -> {});
    }
    assertThat(ledger.usedBytes()).isZero();
    assertThat(desk.takeOffered("e1")).isEmpty();
  }

  @Test
  void handover_nested_isRestored() {
    AdmissionDesk otherModel = new AdmissionDesk(ledger, "other", IMAGE);
    Admission outer = desk.tryAdmit(0).orElseThrow();
    Admission inner = desk.tryAdmit(0).orElseThrow();
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
    AdmissionDesk encode = new AdmissionDesk(ledger, MODEL, new ImageBytes(10, 5, 1));
    assertThat(encode.tryAdmit(0)).isPresent();
    assertThat(encode.tryAdmit(0)).isPresent();
    assertThat(encode.tryAdmit(0)).isPresent();
    // 20 are free, and 15 must stay free for a picture in decode.
    assertThat(encode.tryAdmit(5).isEmpty()).isTrue();
    assertThat(desk.tryAdmit(5)).isPresent();
  }

  @Test
  void desk_neverRoom_fails() {
    AdmissionDesk huge = new AdmissionDesk(ledger, MODEL, new ImageBytes(51, 5, 0));
    assertThatThrownBy(() -> huge.tryAdmit(0)).isInstanceOf(NoRoomException.class);
  }

  @Test
  void desk_unknownOrAbsurdSize_isTheLargestAllowed() {
    assertThat(desk.tryAdmit(-1)).isPresent();
    assertThat(ledger.usedBytes()).isEqualTo(15);
    assertThat(desk.tryAdmit(Long.MAX_VALUE)).isPresent();
    assertThat(ledger.usedBytes()).isEqualTo(30);
  }

  @Test
  void gate_creditNotUsed_goesBack() {
    CreditGate gate = new CreditGate(ledger, MODEL, IMAGE, 2);
    gate.tryEnter().orElseThrow().close();
    assertThat(ledger.usedBytes()).isZero();
    assertThat(gate.inFlight()).isZero();
  }

  @Test
  void gate_knownSize_returnsTheRest() {
    CreditGate gate = new CreditGate(ledger, MODEL, IMAGE, 2);
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
    CreditGate gate = new CreditGate(ledger, MODEL, IMAGE, 1);
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
    CreditGate gate = new CreditGate(ledger, MODEL, IMAGE, 9);
    AdmissionDesk large = new AdmissionDesk(ledger, MODEL, new ImageBytes(40, 0, 0));
    Admission other = large.tryAdmit(0).orElseThrow();
    assertThat(gate.tryEnter()).isEmpty();
    CompletableFuture<Void> opened = gate.opened();
    assertThat(opened).isNotDone();
    other.close();
    assertThat(opened).isDone();
  }

  @Test
  void gate_neverRoom_fails() {
    ledger.lease("weights", 36);
    CreditGate gate = new CreditGate(ledger, MODEL, IMAGE, 9);
    assertThatThrownBy(gate::tryEnter)
        .isInstanceOf(NoRoomException.class)
        .hasMessageContaining("weights");
  }
}
