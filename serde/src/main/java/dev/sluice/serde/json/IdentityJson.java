package dev.sluice.serde.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.serde.EventIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The fields that say which picture of whom a record is about. Stateless, thus thread-safe. */
final class IdentityJson {
  private IdentityJson() {}

  static void write(EventIdentity identity, ObjectNode into) {
    into.put("eventId", identity.eventId());
    putIfPresent(into, "tenantId", identity.tenantId());
    putIfPresent(into, "contentId", identity.contentId());
    into.put("imageIndex", identity.imageIndex());
    into.put("eventTime", identity.eventTime().toString());
  }

  static EventIdentity read(JsonFields fields) throws RecordFormatException {
    return read(fields, fields.instant("eventTime"));
  }

  static EventIdentity read(JsonFields fields, Instant eventTime) throws RecordFormatException {
    return new EventIdentity(
        fields.text("eventId"),
        fields.optionalText("tenantId"),
        fields.optionalText("contentId"),
        fields.integer("imageIndex", 0),
        eventTime);
  }

  static void putIfPresent(ObjectNode into, String name, @Nullable String value) {
    if (value != null) {
      into.put(name, value);
    }
  }
}
