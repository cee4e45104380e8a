package dev.sluice.operators.stage;

import dev.sluice.operators.VisionOptions.OutputOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Elements in flight and the watermarks between them: decides what may leave next. Owned by the
 * task thread.
 *
 * <p>It is a row of segments. Elements leave a segment as they finish, and a segment is left only
 * when it is empty. With ordered output every element has a segment of its own; with unordered
 * output all elements between two watermarks share one. It knows no thread, timer or state.
 *
 * @param <E> the elements, told apart by identity
 */
final class InFlightQueue<E> {
  private final boolean ordered;
  private final Deque<Segment<E>> segments = new ArrayDeque<>();
  private int size;

  InFlightQueue(OutputOrder order) {
    this.ordered = order == OutputOrder.ORDERED;
  }

  /** Takes an element in; it may leave once the slot says that it is finished. */
  Slot<E> add(E element) {
    Segment<E> last = segments.peekLast();
    if (last == null || ordered || last.watermark != null) {
      last = new Segment<>(null);
      segments.addLast(last);
    }
    Slot<E> slot = new Slot<>(element, last);
    last.members.add(slot);
    size++;
    return slot;
  }

  /** Takes a watermark in; it leaves after all that came before it. */
  void addWatermark(long timestamp) {
    Segment<E> last = segments.peekLast();
    if (last != null && last.watermark != null) {
      segments.removeLast(); // a later watermark says all that an earlier one did
    }
    segments.addLast(new Segment<>(timestamp));
  }

  /** Whether {@link #next()} has anything. */
  boolean isReady() {
    Segment<E> head = head();
    return head != null && (head.watermark != null || !head.finished.isEmpty());
  }

  /** Removes what may leave next, or null where nothing may. */
  @Nullable Leaving<E> next() {
    Segment<E> head = head();
    if (head == null) {
      return null;
    }
    if (head.watermark != null) {
      segments.removeFirst();
      return new Leaving<>(null, OptionalLong.of(head.watermark));
    }
    Slot<E> slot = head.finished.poll();
    if (slot == null) {
      return null;
    }
    head.members.remove(slot);
    size--;
    return new Leaving<>(slot.element, OptionalLong.empty());
  }

  /** Elements that have come in and not left. */
  int size() {
    return size;
  }

  /** Whether neither elements nor watermarks are in it. */
  boolean isEmpty() {
    return head() == null;
  }

  /** What has come in and not left, in order of arrival. */
  List<E> elements() {
    List<E> elements = new ArrayList<>(size);
    for (Segment<E> segment : segments) {
      segment.members.forEach(slot -> elements.add(slot.element));
    }
    return elements;
  }

  /** The first segment that still holds anything. */
  private @Nullable Segment<E> head() {
    Segment<E> head = segments.peekFirst();
    while (head != null && head.watermark == null && head.members.isEmpty()) {
      segments.removeFirst();
      head = segments.peekFirst();
    }
    return head;
  }

  /** What may leave: an element, or a watermark where the element is null. Immutable. */
  record Leaving<E>(@Nullable E element, OptionalLong watermark) {}

  /** An element's place. Owned by the task thread. */
  static final class Slot<E> {
    private final E element;
    private final Segment<E> segment;

    private Slot(E element, Segment<E> segment) {
      this.element = element;
      this.segment = segment;
    }

    /** Says that the element may leave when its turn comes; once. */
    void finish() {
      segment.finished.add(this);
    }
  }

  private static final class Segment<E> {
    private final @Nullable Long watermark;
    private final Set<Slot<E>> members = new LinkedHashSet<>();
    private final Deque<Slot<E>> finished = new ArrayDeque<>();

    private Segment(@Nullable Long watermark) {
      this.watermark = watermark;
    }
  }
}
