package dev.sluice.serde.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.serde.Rejection;

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
    if (rejection.origin() != null) {
      OriginJson.write(rejection.origin(), node.putObject("origin"));
    }
    return node;
  }

  static Rejection read(JsonFields fields) throws RecordFormatException {
    JsonFields origin = fields.optionalObject("origin");
    return new Rejection(
        IdentityJson.read(fields),
        origin == null ? null : OriginJson.read(origin),
        fields.constant("stage", Rejection.Stage.class),
        fields.constant("category", Rejection.Category.class),
        fields.text("message"),
        fields.integer("attempt", 1));
  }
}
