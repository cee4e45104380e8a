package dev.sluice.serde.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.serde.RecordOrigin;

/** JSON form of {@link RecordOrigin}. Stateless, thus thread-safe. */
final class OriginJson {
  private OriginJson() {}

  static void write(RecordOrigin origin, ObjectNode into) {
    into.put("topic", origin.topic())
        .put("partition", origin.partition())
        .put("offset", origin.offset());
    IdentityJson.putIfPresent(into, "key", origin.key());
    ObjectNode headers = into.putObject("headers");
    origin.headers().forEach(headers::put);
  }

  static RecordOrigin read(JsonFields origin) throws RecordFormatException {
    return new RecordOrigin(
        origin.text("topic"),
        origin.integer("partition"),
        origin.number("offset", -1),
        origin.optionalText("key"),
        origin.texts("headers"));
  }
}
