package dev.sluice.operators.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LaneTest {
  private final List<CompletableFuture<String>> begun = new ArrayList<>();
  private final Lane lane = new Lane(2);

  @Test
  void work_beginsInOrderAsEarlierWorkEnds() {
    List<CompletableFuture<String>> results = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      results.add(lane.run(this::begin));
    }
    assertThat(begun).hasSize(2);

    begun.get(1).complete("b");
    assertThat(begun).hasSize(3);
    assertThat(results.get(1)).isCompletedWithValue("b");

    begun.get(0).completeExceptionally(new IllegalStateException("no"));
    assertThat(begun).hasSize(4);
    assertThat(results.get(0)).isCompletedExceptionally();
  }

  @Test
  void workThatCannotBegin_leavesItsPlace() {
    for (int i = 0; i < 3; i++) {
      CompletableFuture<String> result =
          lane.run(
              () -> {
                throw new IllegalStateException("no");
              });
      assertThat(result).isCompletedExceptionally();
    }
    var unused = lane.run(this::begin);
    assertThat(begun).hasSize(1);
  }

  private CompletableFuture<String> begin() {
    CompletableFuture<String> work = new CompletableFuture<>();
    begun.add(work);
    return work;
  }
}
