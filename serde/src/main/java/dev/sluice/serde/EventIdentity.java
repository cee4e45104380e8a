package dev.sluice.serde;

import java.time.Instant;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * Which picture of whom a record is about; every result carries the identity of its event.
 * Immutable.
 *
 * @param eventId idempotency key; the same event, model and policy give the same result
 * @param tenantId whose picture it is
 * @param contentId the upload, article or product that it belongs to
 * @param imageIndex which picture of that content, from 0
 * @param eventTime when it happened
 */
@PublicEvolving
public record EventIdentity(
    String eventId,
    @Nullable String tenantId,
    @Nullable String contentId,
    int imageIndex,
    Instant eventTime) {

  /** The first picture of an event without further names. */
  public static EventIdentity of(String eventId, Instant eventTime) {
    return new EventIdentity(eventId, null, null, 0, eventTime);
  }
}
