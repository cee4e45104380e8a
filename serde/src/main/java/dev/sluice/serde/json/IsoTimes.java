package dev.sluice.serde.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * Times as records carry them: ISO-8601 with their offset, of the years 1 to 9999. Stateless.
 *
 * <p>Java reads years up to a thousand million; the milliseconds that Flink and Kafka count in do
 * not reach that far, and would fail the job.
 */
public final class IsoTimes {
  private static final int LAST_YEAR = 9999;

  private IsoTimes() {}

  /**
   * @throws DateTimeException if it is not such a time
   */
  public static Instant parse(String text) {
    OffsetDateTime time = OffsetDateTime.parse(text);
    if (time.getYear() < 1 || time.getYear() > LAST_YEAR) {
      throw new DateTimeException("year " + time.getYear());
    }
    return time.toInstant();
  }
}
