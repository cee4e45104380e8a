package dev.sluice.serde.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.value.LabelScores;
import dev.sluice.serde.Verdict;
import java.util.ArrayList;
import java.util.List;

/** JSON form of {@link Verdict}. Stateless, thus thread-safe. */
final class VerdictJson {
  private VerdictJson() {}

  static ObjectNode write(Verdict verdict) {
    ObjectNode node = JsonRecords.newRecord();
    IdentityJson.write(verdict.identity(), node);
    node.put("verdictId", verdict.verdictId());
    node.put("policyId", verdict.policyId());
    node.put("policyVersion", verdict.policyVersion());
    node.put("decision", verdict.decision().name());
    ArrayNode labels = node.putArray("labels");
    for (Verdict.Label label : verdict.labels()) {
      ObjectNode labelNode =
          labels
              .addObject()
              .put("code", label.code())
              .put("score", label.score())
              .put("threshold", label.threshold());
      IdentityJson.putIfPresent(labelNode, "region", label.region());
    }
    node.put("scoreType", verdict.scoreType().name());
    IdentityJson.putIfPresent(node, "calibration", verdict.calibration());
    IdentityJson.putIfPresent(node, "rationale", verdict.rationale());
    ProvenanceJson.write(verdict.provenance(), node);
    return node;
  }

  static Verdict read(JsonFields fields) throws RecordFormatException {
    return new Verdict(
        IdentityJson.read(fields),
        fields.text("verdictId"),
        fields.text("policyId"),
        fields.text("policyVersion"),
        fields.constant("decision", Verdict.Decision.class),
        readLabels(fields),
        fields.constant("scoreType", LabelScores.ScoreType.class),
        fields.optionalText("calibration"),
        fields.optionalText("rationale"),
        ProvenanceJson.read(fields));
  }

  private static List<Verdict.Label> readLabels(JsonFields fields) throws RecordFormatException {
    List<Verdict.Label> labels = new ArrayList<>();
    for (JsonFields label : fields.objects("labels")) {
      labels.add(
          new Verdict.Label(
              label.text("code"),
              label.decimal("score"),
              label.decimal("threshold"),
              label.optionalText("region")));
    }
    return labels;
  }
}
