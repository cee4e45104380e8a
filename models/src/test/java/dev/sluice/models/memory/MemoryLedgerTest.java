package dev.sluice.models.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
        ledger.tryLease("label " + operation % 3, operation).ifPresent(held::add);
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
    assertThat(ledger.tryLease("admitted", 50, 60)).isEmpty();
    assertThat(ledger.tryLease("admitted", 40, 60)).isPresent();
  }

  @Test
  void whenFree_completesOnlyWhenEnoughIsFree() {
    MemoryLedger ledger = new MemoryLedger("cpu", 100);
    MemoryLease large = ledger.lease("a", 60);
    MemoryLease small = ledger.lease("b", 30);
    CompletableFuture<Void> thirty = ledger.whenFree(30);
    CompletableFuture<Void> eighty = ledger.whenFree(80);
    assertThat(thirty).isNotDone();

    small.close();
    assertThat(thirty).isDone();
    assertThat(eighty).isNotDone();

    large.shrinkTo(20);
    assertThat(eighty).isDone();
    assertThat(ledger.whenFree(80)).isDone();
  }

  @Test
  void requireRoomFor_countsLongLeasesOnly() {
    MemoryLedger ledger = new MemoryLedger("cpu", 100);
    ledger.lease("weights", 40);
    assertThat(ledger.tryLease("admitted", 60)).isPresent();
    ledger.requireRoomFor("admitted", 60);
    assertThatThrownBy(() -> ledger.requireRoomFor("admitted", 61))
        .isInstanceOf(NoRoomException.class);
  }
}
