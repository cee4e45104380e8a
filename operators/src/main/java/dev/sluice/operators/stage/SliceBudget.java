package dev.sluice.operators.stage;

import dev.sluice.operators.DegradeOptions;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ImageRequest;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How many slices a late picture may still have. Immutable. */
record SliceBudget(DegradeOptions options) {
  private static final int OVERVIEW_ALONE = 1;

  /** Halved so often, no number of slices is left. */
  private static final long MOST_HALVINGS = Integer.SIZE - 1;

  /**
   * The event with the most slices that it may have now. Said in the event, so that all who work on
   * it, and whoever reuses its result, go by the same number.
   *
   * @param most slices of any picture of the model; 0 where their number cannot be chosen
   */
  ImageEvent limit(ImageEvent event, int most, Instant now) {
    ImageRequest request = event.request();
    int slices = Math.max(OVERVIEW_ALONE, most >> halvings(event, now));
    boolean fewer = request.maxSlices() == 0 ? slices < most : slices < request.maxSlices();
    return most > 0 && fewer ? event.with(request.withMaxSlices(slices)) : event;
  }

  private int halvings(ImageEvent event, Instant now) {
    Instant since = event.identity().eventTime();
    return Math.max(
        byLag(Duration.between(since, now)), byDeadline(since, event.request().deadline(), now));
  }

  private int byLag(Duration age) {
    Duration lag = options.lag();
    return lag == null || age.isNegative() ? 0 : (int) Math.min(MOST_HALVINGS, age.dividedBy(lag));
  }

  private int byDeadline(Instant since, @Nullable Instant deadline, Instant now) {
    if (!options.byDeadline() || deadline == null || !now.isAfter(since)) {
      return 0;
    }
    double left = Duration.between(now, deadline).toMillis();
    double whole = Duration.between(since, deadline).toMillis();
    // What is too late altogether is rejected before it is cut.
    return left <= 0 ? 0 : (int) Math.min(MOST_HALVINGS, Math.getExponent(whole / left));
  }
}
