package dev.sluice.operators.device;

import dev.sluice.serde.ImageRequest;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Which of two pictures goes first: the higher priority, then the earlier deadline. Immutable.
 *
 * @param deadline null for none, which comes last
 */
public record Urgency(int priority, @Nullable Instant deadline) implements Comparable<Urgency> {
  /** Of whoever asks for nothing special. */
  public static final Urgency USUAL = of(ImageRequest.NONE);

  private static final Comparator<Urgency> ORDER =
      Comparator.comparingInt(Urgency::priority).reversed().thenComparing(Urgency::deadlineOrNever);

  public static Urgency of(ImageRequest request) {
    return new Urgency(request.priority(), request.deadline());
  }

  /** The more urgent is less. */
  @Override
  public int compareTo(Urgency other) {
    return ORDER.compare(this, other);
  }

  private Instant deadlineOrNever() {
    return deadline == null ? Instant.MAX : deadline;
  }
}
