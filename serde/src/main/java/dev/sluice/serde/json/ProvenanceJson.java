package dev.sluice.serde.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.ModelInfo;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.serde.Provenance;
import dev.sluice.serde.Provenance.CacheUse;
import dev.sluice.serde.StageTimings;
import org.jspecify.annotations.Nullable;

/** The fields that say how a result came to be. Stateless, thus thread-safe. */
final class ProvenanceJson {
  private ProvenanceJson() {}

  static void write(Provenance provenance, ObjectNode into) {
    ModelInfo model = provenance.model();
    ObjectNode modelNode =
        into.putObject("model")
            .put("family", model.family())
            .put("revision", model.revision())
            .put("weightsSha256", model.weightsSha256())
            .put("dtype", model.dtype().label());
    IdentityJson.putIfPresent(modelNode, "adapter", provenance.adapter());
    into.put("promptId", provenance.promptId());
    into.put("promptVersion", provenance.promptVersion());
    writePlan(provenance, into.putObject("slicePlan"));
    into.put("degraded", provenance.degraded());
    StageTimings timings = provenance.timings();
    into.putObject("stageMicros")
        .put("read", timings.readMicros())
        .put("slice", timings.sliceMicros())
        .put("encode", timings.encodeMicros())
        .put("decode", timings.decodeMicros());
    into.put("cache", provenance.cache().label());
    into.put("attempt", provenance.attempt());
  }

  static Provenance read(JsonFields fields) throws RecordFormatException {
    JsonFields model = fields.object("model");
    JsonFields plan = fields.object("slicePlan");
    return new Provenance(
        readModel(model),
        model.optionalText("adapter"),
        fields.text("promptId"),
        fields.text("promptVersion"),
        readPlan(plan),
        plan.integer("visualTokens"),
        fields.flag("degraded"),
        readTimings(fields.object("stageMicros")),
        readCache(fields),
        fields.integer("attempt"));
  }

  private static CacheUse readCache(JsonFields fields) throws RecordFormatException {
    try {
      return CacheUse.parse(fields.text("cache"));
    } catch (IllegalArgumentException e) {
      throw fields.wrong("cache", "none, hit or shared", "another word");
    }
  }

  private static ModelInfo readModel(JsonFields model) throws RecordFormatException {
    String dtype = model.text("dtype");
    try {
      return new ModelInfo(
          model.text("family"),
          model.text("revision"),
          model.text("weightsSha256"),
          Dtype.parse(dtype));
    } catch (IllegalArgumentException e) {
      throw model.wrong("dtype", "float32, float16 or bfloat16", "another word");
    }
  }

  private static void writePlan(Provenance provenance, ObjectNode into) {
    SlicePlan plan = provenance.slicePlan();
    into.putArray("grid").add(plan.columns()).add(plan.rows());
    into.put("width", plan.source().width());
    into.put("height", plan.source().height());
    into.put("visualTokens", provenance.visualTokens());
    putSize(into, "overview", plan.overview());
    putSize(into, "slice", plan.slice());
    putSize(into, "preResized", plan.preResized());
    if (plan.isDegraded()) {
      into.put("fullSlices", plan.fullSlices());
    }
  }

  private static void putSize(ObjectNode into, String name, @Nullable Size size) {
    if (size != null) {
      into.putArray(name).add(size.width()).add(size.height());
    }
  }

  private static SlicePlan readPlan(JsonFields plan) throws RecordFormatException {
    int[] grid = plan.pair("grid");
    Size overview = size(plan, "overview");
    if (grid == null || overview == null) {
      throw plan.wrong("grid", "a grid and an overview", "one of them or none");
    }
    try {
      Size source = new Size(plan.integer("width"), plan.integer("height"));
      return new SlicePlan(
          source,
          overview,
          size(plan, "slice"),
          grid[0],
          grid[1],
          size(plan, "preResized"),
          plan.integer("fullSlices", grid[0] * grid[1]));
    } catch (IllegalArgumentException e) {
      throw new RecordFormatException("field 'slicePlan': " + e.getMessage());
    }
  }

  private static @Nullable Size size(JsonFields fields, String name) throws RecordFormatException {
    int[] pair = fields.pair(name);
    if (pair == null) {
      return null;
    }
    if (pair[0] < 1 || pair[1] < 1) {
      throw fields.wrong(name, "a width and a height of at least 1", pair[0] + "x" + pair[1]);
    }
    return new Size(pair[0], pair[1]);
  }

  private static StageTimings readTimings(JsonFields fields) throws RecordFormatException {
    return new StageTimings(
        fields.number("read", 0),
        fields.number("slice", 0),
        fields.number("encode", 0),
        fields.number("decode", 0));
  }
}
