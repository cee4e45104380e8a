package dev.sluice.serde.kafka;

import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Sha256;
import dev.sluice.serde.json.RecordFormatException;
import org.jspecify.annotations.Nullable;

/** What the texts of an event may be; they go into state, prompts and results. Stateless. */
final class EventTexts {
  static final int MAX_PROMPT_LENGTH = 16_384;
  private static final int MAX_URI_LENGTH = 4096;
  private static final int MAX_NAME_LENGTH = RecordOrigins.MAX_ID_LENGTH;
  private static final int MAX_CONTEXT_LENGTH = 65_536;

  private EventTexts() {}

  static void check(ImageEvent event) throws RecordFormatException {
    if (event.eventId().isBlank()) {
      throw new RecordFormatException("event id: expected a name, found an empty one");
    }
    atMost("event id", event.eventId(), MAX_NAME_LENGTH);
    atMost("tenant id", event.identity().tenantId(), MAX_NAME_LENGTH);
    atMost("content id", event.identity().contentId(), MAX_NAME_LENGTH);
    atMost("policy id", event.request().policyId(), MAX_NAME_LENGTH);
    atMost("prompt", event.request().prompt(), MAX_PROMPT_LENGTH);
    atMost("traceparent", event.traceparent(), MAX_NAME_LENGTH);
    checkContext(event);
    checkPicture(event.picture());
  }

  private static void checkContext(ImageEvent event) throws RecordFormatException {
    long length =
        event.request().context().entrySet().stream()
            .mapToLong(entry -> (long) entry.getKey().length() + entry.getValue().length())
            .sum();
    if (length > MAX_CONTEXT_LENGTH) {
      throw tooLong("context", MAX_CONTEXT_LENGTH, length);
    }
  }

  private static void checkPicture(Picture picture) throws RecordFormatException {
    atMost("uri", picture.uri(), MAX_URI_LENGTH);
    atMost("media type", picture.mediaType(), MAX_NAME_LENGTH);
    String sha256 = picture.sha256();
    if (sha256 != null && !Sha256.isHex(sha256)) {
      throw new RecordFormatException(
          "sha256: expected 64 hexadecimal digits, found %d characters".formatted(sha256.length()));
    }
  }

  private static void atMost(String what, @Nullable String text, int limit)
      throws RecordFormatException {
    if (text != null && text.length() > limit) {
      throw tooLong(what, limit, text.length());
    }
  }

  private static RecordFormatException tooLong(String what, int limit, long found) {
    return new RecordFormatException(
        "%s: expected at most %d characters, found %d".formatted(what, limit, found));
  }
}
