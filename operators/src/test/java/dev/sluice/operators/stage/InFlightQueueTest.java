package dev.sluice.operators.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.operators.VisionOptions.OutputOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class InFlightQueueTest {

  @Test
  void ordered_laterFinishesFirst_waitsForEarlier() {
    InFlightQueue<String, Integer> queue = new InFlightQueue<>(OutputOrder.ORDERED);
    InFlightQueue.Slot<String> a = queue.add("a");
    InFlightQueue.Slot<String> b = queue.add("b");
    b.finish();
    assertThat(drain(queue)).isEmpty();
    assertThat(queue.elements()).containsExactly("a", "b");
    a.finish();
    assertThat(drain(queue)).containsExactly("a", "b");
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void unordered_leavesAsFinishedButNotAcrossWatermark() {
    InFlightQueue<String, Integer> queue = new InFlightQueue<>(OutputOrder.UNORDERED);
    InFlightQueue.Slot<String> a = queue.add("a");
    InFlightQueue.Slot<String> b = queue.add("b");
    queue.addMark(5, last -> true);
    InFlightQueue.Slot<String> c = queue.add("c");
    c.finish();
    b.finish();
    assertThat(drain(queue)).containsExactly("b");
    a.finish();
    assertThat(drain(queue)).containsExactly("a", "W5", "c");
  }

  @Test
  void watermarksInARow_onlyTheLastIsKept() {
    InFlightQueue<String, Integer> queue = new InFlightQueue<>(OutputOrder.UNORDERED);
    InFlightQueue.Slot<String> a = queue.add("a");
    queue.addMark(1, last -> true);
    queue.addMark(2, last -> true);
    a.finish();
    assertThat(drain(queue)).containsExactly("a", "W2");
  }

  @Test
  void marksOfDifferentKinds_areAllKept() {
    InFlightQueue<String, Integer> queue = new InFlightQueue<>(OutputOrder.ORDERED);
    InFlightQueue.Slot<String> a = queue.add("a");
    queue.addMark(1, last -> true);
    queue.addMark(-1, last -> last < 0);
    queue.addMark(2, last -> last > 0);
    a.finish();
    assertThat(drain(queue)).containsExactly("a", "W1", "W-1", "W2");
  }

  /**
   * 0 is a watermark, 1 and 2 a new element, others finish the n-th unfinished one. Checked after
   * every operation against what a list says.
   */
  @Property
  void anyOperations_keepTheContract(
      @ForAll OutputOrder order,
      @ForAll @Size(max = 80) List<@IntRange(max = 20) Integer> operations) {
    InFlightQueue<Integer, Integer> queue = new InFlightQueue<>(order);
    List<Integer> arrived = new ArrayList<>();
    List<Integer> watermarkAfter = new ArrayList<>(); // of element i: watermarks that came before
    Map<Integer, InFlightQueue.Slot<Integer>> unfinished = new HashMap<>();
    List<String> left = new ArrayList<>();
    int watermarks = 0;
    for (int operation : operations) {
      if (operation == 0) {
        queue.addMark(++watermarks, last -> true);
      } else if (operation <= 2) {
        int element = arrived.size();
        arrived.add(element);
        watermarkAfter.add(watermarks);
        unfinished.put(element, queue.add(element));
      } else if (!unfinished.isEmpty()) {
        List<Integer> open = unfinished.keySet().stream().sorted().toList();
        Integer element = open.get(operation % open.size());
        unfinished.remove(element).finish();
      }
      left.addAll(drain(queue));

      List<Integer> inside = new ArrayList<>(arrived);
      inside.removeIf(element -> left.contains(String.valueOf(element)));
      assertThat(queue.elements()).isEqualTo(inside);
      assertThat(queue.size()).isEqualTo(inside.size());
      assertThat(inside).containsAll(unfinished.keySet());
    }
    unfinished.values().forEach(InFlightQueue.Slot::finish);
    left.addAll(drain(queue));
    assertThat(queue.isEmpty()).isTrue();

    List<Integer> elements =
        left.stream().filter(l -> !l.startsWith("W")).map(Integer::valueOf).toList();
    assertThat(elements).containsExactlyInAnyOrderElementsOf(arrived);
    if (order == OutputOrder.ORDERED) {
      assertThat(elements).isEqualTo(arrived);
    }
    int watermark = 0;
    for (String leaving : left) {
      if (leaving.startsWith("W")) {
        watermark = Integer.parseInt(leaving.substring(1));
      } else {
        // No element leaves before an earlier watermark or after a later one.
        assertThat(watermarkAfter.get(Integer.parseInt(leaving))).isEqualTo(watermark);
      }
    }
    assertThat(watermark).isEqualTo(watermarks);
  }

  private static <E> List<String> drain(InFlightQueue<E, Integer> queue) {
    List<String> left = new ArrayList<>();
    while (queue.isReady()) {
      InFlightQueue.Leaving<E, Integer> leaving = queue.next();
      left.add(
          leaving.element() == null ? "W" + leaving.mark() : String.valueOf(leaving.element()));
    }
    return left;
  }
}
