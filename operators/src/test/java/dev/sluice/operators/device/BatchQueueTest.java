package dev.sluice.operators.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.operators.poison.Suspect;
import dev.sluice.serde.Rejection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchQueueTest {
  private static final Suspect SUSPECT = new Suspect(Rejection.Stage.ENCODE, "picture", "event");

  private final BatchQueue<String, String> queue = new BatchQueue<>();

  @Test
  void equals_areTakenInTheOrderInWhichTheyCame() {
    add("a", 1, 0, null);
    add("b", 1, 0, null);
    add("c", 1, 0, null);
    assertThat(inputs(queue.take(2))).containsExactly("a", "b");
    assertThat(queue.size()).isEqualTo(1);
    assertThat(inputs(queue.take(2))).containsExactly("c");
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void urgentOnes_goFirst_besidesTheOldest() {
    add("oldest", 1, 0, null);
    add("usual", 1, 0, null);
    add("late", 1, 0, Instant.ofEpochSecond(9));
    add("soon", 1, 0, Instant.ofEpochSecond(1));
    add("important", 1, 5, null);
    assertThat(inputs(queue.take(3))).containsExactly("oldest", "important", "soon");
    assertThat(inputs(queue.take(3))).containsExactly("usual", "late");
  }

  @Test
  void largeOne_letsSmallerOnesFillTheBatch() {
    add("a", 3, 0, null);
    add("large", 7, 0, null);
    add("b", 2, 0, null);
    add("c", 3, 0, null);
    assertThat(inputs(queue.take(8))).containsExactly("a", "b", "c");
    assertThat(queue.size()).isEqualTo(7);
  }

  @Test
  void largerThanTheBatch_isTakenAlone() {
    add("large", 9, 0, null);
    add("a", 1, 0, null);
    assertThat(inputs(queue.take(8))).containsExactly("large");
    assertThat(inputs(queue.take(8))).containsExactly("a");
  }

  @Test
  void abandonedOne_isDroppedAndTakesNoPlace() {
    queue.add(request("gone", 5, new RequestTerms(Urgency.USUAL, () -> true)));
    add("a", 5, 0, null);
    assertThat(inputs(queue.take(5))).containsExactly("a");
    assertThat(queue.size()).isZero();
  }

  @Test
  void putBack_isBeforeAllOthers() {
    add("a", 1, 0, null);
    add("b", 1, 0, null);
    List<DeviceRequest<String, String>> taken = queue.take(2);
    add("c", 1, 0, null);
    queue.putBack(taken);
    assertThat(queue.size()).isEqualTo(3);
    assertThat(inputs(queue.take(3))).containsExactly("a", "b", "c");
  }

  /**
   * However many urgent ones keep coming, a request waits for no more batches than stood before.
   */
  @Property(tries = 100)
  void leastUrgent_isTakenAfterAsManyBatchesAsStoodBefore(
      @ForAll @Size(max = 20) List<@IntRange(min = 1, max = 9) Integer> before,
      @ForAll @IntRange(min = 1, max = 9) int maxSize) {
    BatchQueue<String, String> fresh = new BatchQueue<>(); // one instance runs all tries
    before.forEach(size -> fresh.add(request("before", size, terms(1, null))));
    fresh.add(request("least", 3, terms(-1, null)));
    List<String> taken = new ArrayList<>();
    for (int batch = 0; batch <= before.size(); batch++) {
      fresh.add(request("urgent", 1, terms(9, null)));
      taken.addAll(inputs(fresh.take(maxSize)));
    }
    assertThat(taken).contains("least");
  }

  private void add(String input, int size, int priority, @Nullable Instant deadline) {
    queue.add(request(input, size, terms(priority, deadline)));
  }

  private static RequestTerms terms(int priority, @Nullable Instant deadline) {
    return new RequestTerms(new Urgency(priority, deadline), () -> false);
  }

  private static DeviceRequest<String, String> request(String input, int size, RequestTerms terms) {
    return new DeviceRequest<>(input, size, 0, SUSPECT, terms, new CompletableFuture<>());
  }

  private static List<String> inputs(List<DeviceRequest<String, String>> batch) {
    return batch.stream().map(DeviceRequest::input).toList();
  }
}
