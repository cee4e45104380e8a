package dev.sluice.serde.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.serde.Caption;

/** JSON form of {@link Caption}. Stateless, thus thread-safe. */
final class CaptionJson {
  private CaptionJson() {}

  static ObjectNode write(Caption caption) {
    ObjectNode node = JsonRecords.newRecord();
    IdentityJson.write(caption.identity(), node);
    node.put("text", caption.text());
    IdentityJson.putIfPresent(node, "language", caption.language());
    node.put("finishReason", caption.finishReason().name());
    node.put("tokenCount", caption.tokenCount());
    if (Double.isFinite(caption.meanLogprob())) {
      node.put("meanLogprob", caption.meanLogprob());
    }
    ProvenanceJson.write(caption.provenance(), node);
    return node;
  }

  static Caption read(JsonFields fields) throws RecordFormatException {
    return new Caption(
        IdentityJson.read(fields),
        fields.text("text"),
        fields.optionalText("language"),
        fields.constant("finishReason", GeneratedText.FinishReason.class),
        fields.integer("tokenCount"),
        fields.has("meanLogprob") ? fields.decimal("meanLogprob") : Double.NaN,
        ProvenanceJson.read(fields));
  }
}
