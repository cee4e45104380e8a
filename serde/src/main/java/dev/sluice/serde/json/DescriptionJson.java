package dev.sluice.serde.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.serde.Description;
import dev.sluice.serde.Description.Part;
import dev.sluice.serde.Description.PartProvenance;
import dev.sluice.serde.Description.Region;
import dev.sluice.serde.Description.ScoredCaption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** JSON form of {@link Description}. Stateless, thus thread-safe. */
final class DescriptionJson {
  private DescriptionJson() {}

  static ObjectNode write(Description description) {
    ObjectNode node = JsonRecords.newRecord();
    IdentityJson.write(description.identity(), node);
    writeCaption(description.global(), node.putObject("global"));
    ArrayNode regions = node.putArray("regions");
    description.regions().forEach(region -> writeRegion(region, regions.addObject()));
    IdentityJson.putIfPresent(node, "merged", description.merged());
    ArrayNode absent = node.putArray("absent");
    description.absent().forEach(part -> absent.add(nameOf(part)));
    ObjectNode models = node.putObject("models");
    for (PartProvenance part : description.parts()) {
      ProvenanceJson.write(part.provenance(), models.putObject(nameOf(part.part())));
    }
    return node;
  }

  /** What is absent follows from the models that are there. */
  static Description read(JsonFields fields) throws RecordFormatException {
    return new Description(
        IdentityJson.read(fields),
        readCaption(fields.object("global")),
        readRegions(fields),
        fields.optionalText("merged"),
        readParts(fields.object("models")));
  }

  private static void writeRegion(Region region, ObjectNode into) {
    into.put("x", region.x())
        .put("y", region.y())
        .put("width", region.width())
        .put("height", region.height());
    writeCaption(region.caption(), into);
  }

  private static void writeCaption(ScoredCaption caption, ObjectNode into) {
    into.put("caption", caption.text());
    if (caption.score() != null) {
      into.put("score", caption.score());
    }
    into.put("kept", caption.kept());
  }

  private static ScoredCaption readCaption(JsonFields fields) throws RecordFormatException {
    return new ScoredCaption(
        fields.text("caption"),
        fields.has("score") ? fields.decimal("score") : null,
        fields.flag("kept"));
  }

  private static List<Region> readRegions(JsonFields fields) throws RecordFormatException {
    List<Region> regions = new ArrayList<>();
    for (JsonFields region : fields.objects("regions")) {
      regions.add(
          new Region(
              region.integer("x"),
              region.integer("y"),
              region.integer("width"),
              region.integer("height"),
              readCaption(region)));
    }
    return regions;
  }

  private static List<PartProvenance> readParts(JsonFields models) throws RecordFormatException {
    List<PartProvenance> parts = new ArrayList<>();
    for (Part part : Part.values()) {
      JsonFields provenance = models.optionalObject(nameOf(part));
      if (provenance != null) {
        parts.add(new PartProvenance(part, ProvenanceJson.read(provenance)));
      }
    }
    return parts;
  }

  private static String nameOf(Part part) {
    return part.name().toLowerCase(Locale.ROOT);
  }
}
