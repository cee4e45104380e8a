package dev.sluice.serde;

import java.util.Map;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * Where a record came from, so that a rejected one can be found again. Immutable.
 *
 * @param key the Kafka key as text, null where there is none
 * @param headers Kafka headers as text
 */
@PublicEvolving
public record RecordOrigin(
    String topic, int partition, long offset, @Nullable String key, Map<String, String> headers) {
  public RecordOrigin {
    headers = Map.copyOf(headers);
  }

  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
