package dev.sluice.serde.kafka;

import dev.sluice.serde.RecordOrigin;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where records came from, shortened to what a rejection may carry. Stateless, thus thread-safe.
 */
final class RecordOrigins {
  /** Longest event id and key that is kept. */
  static final int MAX_ID_LENGTH = 1024;

  private static final int MAX_HEADER_LENGTH = 2048;

  /** Headers that may hold secrets; they stay where they are. */
  private static final Set<String> SECRET = Set.of("authorization", "cookie", "x-api-key");

  private RecordOrigins() {}

  static RecordOrigin of(ConsumerRecord<byte[], byte[]> from, Map<String, String> headers) {
    Map<String, String> kept = new LinkedHashMap<>();
    headers.forEach(
        (name, value) -> {
          if (!SECRET.contains(name.toLowerCase(Locale.ROOT))) {
            kept.put(
                shorten(name, MAX_ID_LENGTH),
                shorten(withoutQuery(name, value), MAX_HEADER_LENGTH));
          }
        });
    return new RecordOrigin(from.topic(), from.partition(), from.offset(), keyOf(from.key()), kept);
  }

  private static @Nullable String keyOf(byte @Nullable [] key) {
    return key == null
        ? null
        : new String(key, 0, Math.min(key.length, MAX_ID_LENGTH), StandardCharsets.UTF_8);
  }

  /** A query may hold a signature: who may read rejections need not be able to fetch pictures. */
  private static String withoutQuery(String name, String value) {
    int query = name.equals(CloudEventHeaders.DATA_REF) ? value.indexOf('?') : -1;
    return query < 0 ? value : value.substring(0, query) + "?…";
  }

  private static String shorten(String text, int limit) {
    return text.length() <= limit ? text : text.substring(0, limit) + "…";
  }
}
