package dev.sluice.models.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.memory.LeaseRequest.Precedence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MemoryLedgerTest {
  private static final long MIB = 1 << 20;

  /** Positive numbers ask for a lease of that size, others end or shrink one that is held. */
  @Property
  void anyOperations_usedIsTheSumOfLeasesAndNeverAboveBudget(
      @ForAll @Size(max = 60) List<@IntRange(min = -40, max = 40) Integer> operations) {
    MemoryLedger ledger = new MemoryLedger("cpu", 100);
    List<MemoryLease> held = new ArrayList<>();
    for (int operation : operations) {
      if (operation > 0) {
        ledger.tryLease(underWay("label " + operation % 3, operation)).ifPresent(held::add);
      } else if (!held.isEmpty()) {
        MemoryLease lease = held.get(-operation % held.size());
        if (operation % 2 == 0) {
          lease.close();
        } else {
          lease.shrinkTo(-operation);
        }
      }
      long sum = held.stream().mapToLong(MemoryLease::bytes).sum();
      assertThat(ledger.usedBytes()).isEqualTo(sum).isLessThanOrEqualTo(100);
      assertThat(ledger.bytesByLabel().values().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(sum);
    }
    held.forEach(MemoryLease::close);
    assertThat(ledger.usedBytes()).isZero();
    assertThat(ledger.bytesByLabel()).isEmpty();
    assertThat(ledger.peakBytes()).isLessThanOrEqualTo(100);
  }

  @Test
  void lease_closedTwice_isReleasedOnce() {
    MemoryLedger ledger = new MemoryLedger("cpu", 100);
    MemoryLease other = ledger.lease("weights", 30);
    MemoryLease lease = ledger.lease("encode", 50);
    lease.close();
    lease.close();
    lease.shrinkTo(0);
    assertThat(ledger.usedBytes()).isEqualTo(other.bytes()).isEqualTo(30);
  }

  @Test
  void lease_noRoom_namesHoldersAndRemedy() {
    MemoryLedger ledger = new MemoryLedger("cuda:0", 24 * MIB);
    ledger.lease("weights", 14 * MIB);
    ledger.lease("kv-cache", 7 * MIB);
    assertThatThrownBy(() -> ledger.lease("adapter", 5 * MIB))
        .isInstanceOf(NoRoomException.class)
        .hasMessage(
            "no room for 5.0 MiB (adapter) on cuda:0: 21.0 MiB of 24.0 MiB leased"
                + " (kv-cache 7.0 MiB, weights 14.0 MiB);"
                + " raise sluice.memory.budget or lower the load");
  }

  @Test
  void tryLease_keepFree_leavesRoomForOthers() {
    MemoryLedger ledger = new MemoryLedger("cpu", 100);
    assertThat(ledger.tryLease(new LeaseRequest("admitted", 50, 60, Precedence.NEW))).isEmpty();
    assertThat(ledger.tryLease(new LeaseRequest("admitted", 40, 60, Precedence.NEW))).isPresent();
  }

  @Test
  void newWork_isServedInTheOrderInWhichItCame() {
    MemoryLedger ledger = new MemoryLedger("cpu", 100);
    MemoryLease large = ledger.tryLease(underWay("a", 60)).orElseThrow();
    MemoryLease small = ledger.tryLease(underWay("b", 30)).orElseThrow();
    CompletableFuture<MemoryLease> eighty = ledger.leaseInTurn(newWork(80));
    CompletableFuture<MemoryLease> ten = ledger.leaseInTurn(newWork(10));

    // There is room for the second and for anybody who asks now, but the first was before them.
    small.close();
    assertThat(ten).isNotDone();
    assertThat(ledger.tryLease(newWork(1))).isEmpty();

    large.shrinkTo(20);
    assertThat(eighty).isCompletedWithValueMatching(lease -> lease.bytes() == 80);
    assertThat(ten).isNotDone();
    eighty.join().close();
    assertThat(ten).isDone();
  }

  @Test
  void pictureUnderWay_passesNewWork() {
    MemoryLedger ledger = new MemoryLedger("cpu", 100);
    MemoryLease held = ledger.tryLease(underWay("a", 60)).orElseThrow();
    CompletableFuture<MemoryLease> first = ledger.leaseInTurn(newWork(50));
    assertThat(ledger.leaseInTurn(underWay("admitted", 30))).isDone();
    CompletableFuture<MemoryLease> second = ledger.leaseInTurn(underWay("admitted", 70));
    held.close();
    assertThat(second).isDone();
    assertThat(first).isNotDone();
    second.join().close();
    assertThat(first).isDone();
  }

  @Test
  void pictureUnderWay_passesALargerOne_butNewWorkPassesNeither() {
    MemoryLedger ledger = new MemoryLedger("cpu", 100);
    MemoryLease held = ledger.tryLease(underWay("admitted", 60)).orElseThrow();
    CompletableFuture<MemoryLease> large = ledger.leaseInTurn(underWay("admitted", 90));
    assertThat(ledger.leaseInTurn(underWay("admitted", 10))).isDone();
    CompletableFuture<MemoryLease> fresh = ledger.leaseInTurn(newWork(5));
    assertThat(fresh).isNotDone();
    held.close();
    assertThat(large).isDone();
    assertThat(fresh).isNotDone();
    large.join().close();
    assertThat(fresh).isDone();
  }

  @Test
  void placeInLine_givenUp_letsTheNextOneIn() {
    MemoryLedger ledger = new MemoryLedger("cpu", 100);
    assertThat(ledger.tryLease(underWay("a", 60))).isPresent();
    CompletableFuture<MemoryLease> fifty =
        ledger.leaseInTurn(new LeaseRequest("admitted", 40, 10, Precedence.NEW));
    CompletableFuture<MemoryLease> ten = ledger.leaseInTurn(newWork(10));
    assertThat(ten).isNotDone();
    fifty.cancel(false);
    assertThat(ten).isDone();
    assertThat(ledger.usedBytes()).isEqualTo(70);
  }

  @Test
  void longLease_thatLeavesTooLittleForWhoWaits_tellsThem() {
    MemoryLedger ledger = new MemoryLedger("cpu", 100);
    MemoryLease admitted = ledger.tryLease(newWork(60)).orElseThrow();
    CompletableFuture<MemoryLease> waiting = ledger.leaseInTurn(newWork(80));
    ledger.lease("weights", 30);
    assertThat(admitted.bytes()).isPositive();
    assertThatThrownBy(waiting::join)
        .hasCauseInstanceOf(NoRoomException.class)
        .hasMessageContaining("admitted")
        .hasMessageContaining("weights");
  }

  /** Each takes, holds and asks again; with any sizes, nobody is overtaken for ever. */
  @Property(tries = 200)
  void manyWhoAskAgainAndAgain_allGetTheirTurn(
      @ForAll @Size(min = 2, max = 8) List<@IntRange(min = 1, max = 100) Integer> sizes) {
    MemoryLedger ledger = new MemoryLedger("cpu", 100);
    int rounds = 20;
    int[] served = new int[sizes.size()];
    Deque<Integer> holders = new ArrayDeque<>();
    List<CompletableFuture<MemoryLease>> asked = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      asked.add(ask(ledger, sizes.get(i), i, served, holders));
    }
    for (int i = 0; i < rounds * sizes.size(); i++) {
      // Who holds longest gives back and at once wants more.
      int holder = holders.remove();
      asked.get(holder).join().close();
      asked.set(holder, ask(ledger, sizes.get(holder), holder, served, holders));
    }
    assertThat(ledger.peakBytes()).isLessThanOrEqualTo(100);
    assertThat(IntStream.of(served).boxed())
        .allMatch(times -> times >= rounds - 1 && times <= rounds + 2);
  }

  private static CompletableFuture<MemoryLease> ask(
      MemoryLedger ledger, int bytes, int who, int[] served, Deque<Integer> holders) {
    CompletableFuture<MemoryLease> turn = ledger.leaseInTurn(newWork(bytes));
    var unused =
        turn.thenRun(
            () -> {
              served[who]++;
              holders.add(who);
            });
    return turn;
  }

  @Test
  void requireRoomFor_countsLongLeasesOnly() {
    MemoryLedger ledger = new MemoryLedger("cpu", 100);
    ledger.lease("weights", 40);
    assertThat(ledger.tryLease(newWork(60))).isPresent();
    ledger.requireRoomFor(newWork(60));
    assertThatThrownBy(() -> ledger.requireRoomFor(newWork(61)))
        .isInstanceOf(NoRoomException.class);
  }

  private static LeaseRequest newWork(long bytes) {
    return new LeaseRequest("admitted", bytes, 0, Precedence.NEW);
  }

  private static LeaseRequest underWay(String label, long bytes) {
    return new LeaseRequest(label, bytes, 0, Precedence.UNDER_WAY);
  }
}
