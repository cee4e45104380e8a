package dev.sluice.operators.fetch;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The header of that name: seconds, or a date. Stateless. */
final class RetryAfter {
  private static final int MAX_DIGITS = 9;

  private RetryAfter() {}

  /** Null where it says neither; never negative. */
  static @Nullable Duration parse(String value) {
    String text = value.strip();
    if (text.matches("\\d{1," + MAX_DIGITS + "}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant when = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration pause = Duration.between(Instant.now(), when);
      return pause.isNegative() ? Duration.ZERO : pause;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
