package dev.sluice.serde.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.serde.PolicyChange;
import dev.sluice.serde.PolicyStatus;
import org.jspecify.annotations.Nullable;

/** JSON form of {@link PolicyStatus}. Stateless, thus thread-safe. */
final class PolicyStatusJson {
  private static final String ACCEPTED = "ACCEPTED";
  private static final String REJECTED = "REJECTED";

  private PolicyStatusJson() {}

  static ObjectNode write(PolicyStatus status) {
    ObjectNode node = JsonRecords.newRecord();
    node.put("status", status.isAccepted() ? ACCEPTED : REJECTED);
    node.put("time", status.time().toString());
    PolicyStatus.Change change = status.change();
    if (change != null) {
      node.put("policyId", change.policyId());
      IdentityJson.putIfPresent(node, "policyVersion", change.version());
      node.put("mode", change.mode().name());
      node.put("effectiveFrom", change.effectiveFrom().toString());
    }
    IdentityJson.putIfPresent(node, "reason", status.reason());
    OriginJson.write(status.origin(), node.putObject("origin"));
    return node;
  }

  static PolicyStatus read(JsonFields fields) throws RecordFormatException {
    return new PolicyStatus(
        OriginJson.read(fields.object("origin")),
        fields.instant("time"),
        readChange(fields),
        fields.text("status").equals(ACCEPTED) ? null : fields.text("reason"));
  }

  private static PolicyStatus.@Nullable Change readChange(JsonFields fields)
      throws RecordFormatException {
    return fields.has("policyId")
        ? new PolicyStatus.Change(
            fields.text("policyId"),
            fields.optionalText("policyVersion"),
            fields.constant("mode", PolicyChange.Mode.class),
            fields.instant("effectiveFrom"))
        : null;
  }
}
