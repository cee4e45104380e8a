package dev.sluice.serde.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.serde.RecordOrigin;
import dev.sluice.serde.Rejection;
import org.jspecify.annotations.Nullable;

/** JSON form of {@link Rejection}. Stateless, thus thread-safe. */
final class RejectionJson {
  private RejectionJson() {}

  static ObjectNode write(Rejection rejection) {
    ObjectNode node = JsonRecords.newRecord();
    IdentityJson.write(rejection.identity(), node);
    node.put("stage", rejection.stage().name());
    node.put("category", rejection.category().name());
    node.put("message", rejection.message());
    node.put("attempt", rejection.attempt());
    RecordOrigin origin = rejection.origin();
    if (origin != null) {
      ObjectNode originNode =
          node.putObject("origin")
              .put("topic", origin.topic())
              .put("partition", origin.partition())
              .put("offset", origin.offset());
      IdentityJson.putIfPresent(originNode, "key", origin.key());
      ObjectNode headers = originNode.putObject("headers");
      origin.headers().forEach(headers::put);
    }
    return node;
  }

  static Rejection read(JsonFields fields) throws RecordFormatException {
    return new Rejection(
        IdentityJson.read(fields),
        readOrigin(fields.optionalObject("origin")),
        fields.constant("stage", Rejection.Stage.class),
        fields.constant("category", Rejection.Category.class),
        fields.text("message"),
        fields.integer("attempt", 1));
  }

  private static @Nullable RecordOrigin readOrigin(@Nullable JsonFields origin)
      throws RecordFormatException {
    return origin == null
        ? null
        : new RecordOrigin(
            origin.text("topic"),
            origin.integer("partition"),
            origin.number("offset", -1),
            origin.optionalText("key"),
            origin.texts("headers"));
  }
}
