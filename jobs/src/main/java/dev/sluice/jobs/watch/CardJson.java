package dev.sluice.jobs.watch;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.serde.Caption;
import dev.sluice.serde.Provenance;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.StageTimings;
import dev.sluice.serde.Verdict;

/** Cards as the page reads them. Stateless. */
final class CardJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private CardJson() {}

  static ObjectNode of(Board.Changes changes) {
    ObjectNode node = JSON.createObjectNode();
    node.set("counts", JSON.valueToTree(changes.counts()));
    ArrayNode cards = node.putArray("cards");
    changes.cards().forEach(card -> cards.add(of(card)));
    return node;
  }

  private static ObjectNode of(Card card) {
    ObjectNode node = JSON.createObjectNode();
    node.put("number", card.number());
    node.put("version", card.version());
    node.put("eventId", card.identity().eventId());
    node.put("contentId", card.identity().contentId());
    node.put("tenantId", card.identity().tenantId());
    node.put("eventTime", card.identity().eventTime().toString());
    node.put("preview", card.preview());
    Caption caption = card.caption();
    if (caption != null) {
      put(caption, node);
    }
    Verdict verdict = card.verdict();
    if (verdict != null) {
      put(verdict, node);
    }
    ArrayNode rejections = node.putArray("rejections");
    for (Rejection rejection : card.rejections()) {
      rejections
          .addObject()
          .put("stage", rejection.stage().name())
          .put("category", rejection.category().name())
          .put("message", rejection.message());
    }
    return node;
  }

  private static void put(Caption caption, ObjectNode card) {
    card.putObject("caption")
        .put("text", caption.text())
        .put("tokens", caption.tokenCount())
        .put("finishReason", caption.finishReason().name());
    put(caption.provenance(), card);
  }

  private static void put(Verdict verdict, ObjectNode card) {
    ObjectNode node = card.putObject("verdict");
    node.put("decision", verdict.decision().name());
    node.put("policy", verdict.policyId() + " " + verdict.policyVersion());
    node.put("rationale", verdict.rationale());
    ArrayNode labels = node.putArray("labels");
    for (Verdict.Label label : verdict.labels()) {
      labels
          .addObject()
          .put("code", label.code())
          .put("score", label.score())
          .put("threshold", label.threshold());
    }
    put(verdict.provenance(), card);
  }

  /** The same for both results, but for the time of the last step. */
  private static void put(Provenance provenance, ObjectNode card) {
    SlicePlan plan = provenance.slicePlan();
    card.putObject("plan")
        .put("columns", plan.columns())
        .put("rows", plan.rows())
        .put("width", plan.source().width())
        .put("height", plan.source().height())
        .put("visualTokens", provenance.visualTokens())
        .put("degraded", provenance.degraded());
    card.put("model", provenance.model().family() + " " + provenance.model().revision());
    StageTimings timings = provenance.timings();
    card.putObject("micros")
        .put("read", timings.readMicros())
        .put("slice", timings.sliceMicros())
        .put("encode", timings.encodeMicros())
        .put("decode", timings.decodeMicros());
  }
}
