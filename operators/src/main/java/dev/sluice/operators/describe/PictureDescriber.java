package dev.sluice.operators.describe;

import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.operators.DescribeOptions;
import dev.sluice.operators.VisionOptions.TextOptions;
import dev.sluice.operators.describe.Views.RegionView;
import dev.sluice.operators.describe.Views.View;
import dev.sluice.operators.stage.ImageWork.Cut;
import dev.sluice.serde.Description;
import dev.sluice.serde.Description.Part;
import dev.sluice.serde.Description.PartProvenance;
import dev.sluice.serde.Description.Region;
import dev.sluice.serde.Description.ScoredCaption;
import dev.sluice.serde.StageTimings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Describes one picture: the whole, region after region, then all in one. Immutable.
 *
 * <p>One view of the picture is on the device at a time, so that the picture's memory is that of
 * one view, however many regions it has; batches are filled with views of other pictures.
 */
final class PictureDescriber {
  private static final Prompt MATCH_PROMPT = new Prompt("match", "1", "{}");

  private final DescribeOptions options;
  private final GenerationOptions captions;
  private final CaptionFilter filter;
  private final Parts parts;
  private final Cut<Views> cut;

  PictureDescriber(DescribeOptions options, TextOptions text, Parts parts, Cut<Views> cut) {
    this.options = options;
    this.captions = text.toGenerationOptions();
    this.filter = new CaptionFilter(options.matchThreshold());
    this.parts = parts;
    this.cut = cut;
  }

  CompletableFuture<Description> describe() {
    return caption(cut.value().whole(), parts.captioner())
        .thenCompose(
            global -> regions().thenCompose(regions -> merge(global, List.copyOf(regions))));
  }

  private CompletableFuture<List<Region>> regions() {
    CompletableFuture<List<Region>> all = CompletableFuture.completedFuture(new ArrayList<>());
    for (RegionView region : cut.value().regions()) {
      all = all.thenCompose(before -> describe(region).thenApply(next -> with(before, next)));
    }
    return all;
  }

  private CompletableFuture<Region> describe(RegionView region) {
    Box box = region.box();
    return caption(region.view(), parts.regionCaptioner())
        .thenApply(caption -> new Region(box.x(), box.y(), box.width(), box.height(), caption));
  }

  private static List<Region> with(List<Region> regions, Region next) {
    regions.add(next);
    return regions;
  }

  private CompletableFuture<ScoredCaption> caption(View view, ModelPart captioner) {
    return captioner
        .write(view.captioned(), captioner.captionPrompt(), captions)
        .thenCompose(text -> score(view.matched(), text));
  }

  private CompletableFuture<ScoredCaption> score(@Nullable SlicedPicture view, String text) {
    ModelPart matcher = parts.matcher();
    return matcher == null || view == null
        ? CompletableFuture.completedFuture(filter.unscored(text))
        : matcher.match(view, MATCH_PROMPT, text).thenApply(score -> filter.scored(text, score));
  }

  private CompletableFuture<Description> merge(ScoredCaption global, List<Region> regions) {
    ModelPart merger = parts.merger();
    SlicedPicture view = cut.value().merging();
    if (merger == null || view == null) {
      return CompletableFuture.completedFuture(description(global, regions, null, List.of()));
    }
    Prompt prompt = MergePrompt.of(options.merging().instruction(), global, regions);
    return merger
        .write(view, prompt, GenerationOptions.greedy(options.merging().maxNewTokens()))
        .thenApply(
            text ->
                description(
                    global,
                    regions,
                    text,
                    List.of(
                        new PartProvenance(
                            Part.MERGE,
                            merger.provenance(prompt, view.plan(), false, StageTimings.NONE)))));
  }

  private Description description(
      ScoredCaption global,
      List<Region> regions,
      @Nullable String merged,
      List<PartProvenance> merging) {
    List<PartProvenance> all = new ArrayList<>(captioning());
    all.addAll(matching());
    all.addAll(merging);
    return new Description(cut.event().identity(), global, regions, merged, all);
  }

  private List<PartProvenance> captioning() {
    Views views = cut.value();
    ModelPart whole = parts.captioner();
    ModelPart regions = parts.regionCaptioner();
    return List.of(
        new PartProvenance(
            Part.CAPTION,
            whole.provenance(whole.captionPrompt(), views.plan(), false, cut.timings())),
        new PartProvenance(
            Part.REGIONS,
            regions.provenance(
                regions.captionPrompt(), views.plan(), views.isDegraded(), StageTimings.NONE)));
  }

  private List<PartProvenance> matching() {
    ModelPart matcher = parts.matcher();
    SlicedPicture view = cut.value().whole().matched();
    return matcher == null || view == null
        ? List.of()
        : List.of(
            new PartProvenance(
                Part.MATCH,
                matcher.provenance(MATCH_PROMPT, view.plan(), false, StageTimings.NONE)));
  }
}
