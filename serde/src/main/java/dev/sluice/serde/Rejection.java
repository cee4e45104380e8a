package dev.sluice.serde;

import dev.sluice.serde.flink.RecordTypes;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * A picture or record that could not be processed, and why. Never holds the picture's bytes.
 * Immutable.
 *
 * @param identity as far as it could be read
 * @param origin where the record came from, null outside Kafka
 * @param stage which step gave up
 * @param message one sentence: what, which, expected, found
 * @param attempt 1 for the first
 */
@PublicEvolving
@TypeInfo(RecordTypes.OfRejection.class)
public record Rejection(
    EventIdentity identity,
    @Nullable RecordOrigin origin,
    Stage stage,
    Category category,
    String message,
    int attempt) {

  /** A rejection of an event on its first attempt. */
  public static Rejection of(ImageEvent event, Stage stage, Category category, String message) {
    return new Rejection(event.identity(), event.origin(), stage, category, message, 1);
  }

  /** The steps of an image's way. */
  public enum Stage {
    READ,
    FETCH,
    SLICE,
    ENCODE,
    DECODE,
    DESCRIBE
  }

  /** Kinds of trouble; docs/operations.md says what to do about each. */
  public enum Category {
    MALFORMED_RECORD,
    UNREADABLE_IMAGE,
    TOO_LARGE,
    UNSUPPORTED,
    FETCH_FAILED,
    FORBIDDEN_SOURCE,
    OUT_OF_MEMORY,
    POISON,
    TIMEOUT
  }
}
