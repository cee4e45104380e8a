package dev.sluice.serde;

import dev.sluice.serde.flink.RecordTypes;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * A picture described on several levels: as a whole, by its regions, and both in one text.
 * Immutable.
 *
 * @param global what the picture as a whole shows
 * @param regions what each region shows, row by row; empty where the plan has no slices
 * @param merged all of it as one text, null where no model was there to write it
 * @param parts how each part came to be, in the order of {@link Part}
 */
@PublicEvolving
@TypeInfo(RecordTypes.OfDescription.class)
public record Description(
    EventIdentity identity,
    ScoredCaption global,
    List<Region> regions,
    @Nullable String merged,
    List<PartProvenance> parts) {
  public Description {
    regions = List.copyOf(regions);
    parts = List.copyOf(parts);
  }

  /** The parts that no model was configured for. */
  public Set<Part> absent() {
    Set<Part> absent = EnumSet.allOf(Part.class);
    parts.forEach(part -> absent.remove(part.part()));
    return absent;
  }

  /** What is done to describe a picture. */
  public enum Part {
    /** A caption of the whole picture. */
    CAPTION,
    /** Captions of its regions. */
    REGIONS,
    /** Scores by which captions are kept or not. */
    MATCH,
    /** One text out of the captions that are kept. */
    MERGE
  }

  /**
   * A caption and how well it matches what it describes.
   *
   * @param score probability that text and picture belong together, 0 to 1; null where none was
   *     computed
   * @param kept whether the merged text may use it
   */
  public record ScoredCaption(String text, @Nullable Double score, boolean kept) {}

  /**
   * A rectangle of the decoded picture, in its pixels from the upper left corner.
   *
   * @param x left edge
   * @param y upper edge
   */
  public record Region(int x, int y, int width, int height, ScoredCaption caption) {}

  /** How one part came to be. */
  public record PartProvenance(Part part, Provenance provenance) {}
}
