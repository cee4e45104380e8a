package dev.sluice.operators.describe;

import dev.sluice.models.value.Prompt;
import dev.sluice.serde.Description.Region;
import dev.sluice.serde.Description.ScoredCaption;
import java.util.List;

/** What the merge model is asked: an instruction, then the captions that are kept, one a line. */
final class MergePrompt {
  private MergePrompt() {}

  static Prompt of(String instruction, ScoredCaption global, List<Region> regions) {
    StringBuilder text = new StringBuilder(instruction);
    if (global.kept()) {
      text.append("\nWhole: ").append(global.text());
    }
    for (Region region : regions) {
      if (region.caption().kept()) {
        text.append(
            "\n(%d, %d, %d, %d): %s"
                .formatted(
                    region.x(),
                    region.y(),
                    region.width(),
                    region.height(),
                    region.caption().text()));
      }
    }
    return new Prompt("merge", "1", text.toString());
  }
}
