package dev.sluice.operators.stage;

import dev.sluice.operators.VisionOptions.OutputOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Elements in flight and the marks (watermarks, idleness) between them: decides what may leave
 * next. Owned by the task thread.
 *
 * <p>It is a row of segments. Elements leave a segment as they finish, and a segment is left only
 * when it is empty. With ordered output every element has a segment of its own; with unordered
 * output all elements between two marks share one. It knows no thread, timer or state.
 *
 * @param <E> the elements
 * @param <M> the marks
 */
final class InFlightQueue<E, M> {
  private final boolean ordered;
  private final Deque<Segment<E, M>> segments = new ArrayDeque<>();
  private int size;

  InFlightQueue(OutputOrder order) {
    this.ordered = order == OutputOrder.ORDERED;
  }

  /** Takes an element in; it may leave once the slot says that it is finished. */
  Slot<E> add(E element) {
    Segment<E, M> last = segments.peekLast();
    if (last == null || ordered || last.mark != null) {
      last = new Segment<>(null);
      segments.addLast(last);
    }
    Slot<E> slot = new Slot<>(element, last);
    last.members.add(slot);
    size++;
    return slot;
  }

  /**
   * Takes a mark in; it leaves after all that came before it, and before all that comes after.
   *
   * @param replaces whether it says all that the mark directly before it did
   */
  void addMark(M mark, Predicate<? super M> replaces) {
    Segment<E, M> last = segments.peekLast();
    if (last != null && last.mark != null && replaces.test(last.mark)) {
      segments.removeLast();
    }
    segments.addLast(new Segment<>(mark));
  }

  /** Whether {@link #next()} has anything. */
  boolean isReady() {
    Segment<E, M> head = head();
    return head != null && (head.mark != null || !head.finished.isEmpty());
  }

  /** Removes what may leave next, or null where nothing may. */
  @Nullable Leaving<E, M> next() {
    Segment<E, M> head = head();
    if (head == null) {
      return null;
    }
    if (head.mark != null) {
      segments.removeFirst();
      return new Leaving<>(null, head.mark);
    }
    Slot<E> slot = head.finished.poll();
    if (slot == null) {
      return null;
    }
    head.members.remove(slot);
    size--;
    return new Leaving<>(slot.element, null);
  }

  /** Elements that have come in and not left. */
  int size() {
    return size;
  }

  /** Whether neither elements nor marks are in it. */
  boolean isEmpty() {
    return head() == null;
  }

  /** What has come in and not left, in order of arrival. */
  List<E> elements() {
    List<E> elements = new ArrayList<>(size);
    for (Segment<E, M> segment : segments) {
      segment.members.forEach(slot -> elements.add(slot.element));
    }
    return elements;
  }

  /** The first segment that still holds anything. */
  private @Nullable Segment<E, M> head() {
    Segment<E, M> head = segments.peekFirst();
    while (head != null && head.mark == null && head.members.isEmpty()) {
      segments.removeFirst();
      head = segments.peekFirst();
    }
    return head;
  }

  /** What may leave: an element or a mark, the other is null. Immutable. */
  record Leaving<E, M>(@Nullable E element, @Nullable M mark) {}

  /** An element's place. Owned by the task thread. */
  static final class Slot<E> {
    private final E element;
    private final Segment<E, ?> segment;

    private Slot(E element, Segment<E, ?> segment) {
      this.element = element;
      this.segment = segment;
    }

    /** Says that the element may leave when its turn comes; once. */
    void finish() {
      segment.finished.add(this);
    }
  }

  private static final class Segment<E, M> {
    private final @Nullable M mark;
    private final Set<Slot<E>> members = new LinkedHashSet<>();
    private final Deque<Slot<E>> finished = new ArrayDeque<>();

    private Segment(@Nullable M mark) {
      this.mark = mark;
    }
  }
}
