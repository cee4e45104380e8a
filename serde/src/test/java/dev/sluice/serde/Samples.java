package dev.sluice.serde;

import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.ModelInfo;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.VisualTokens;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One record of each kind with every field set. */
public final class Samples {
  public static final Instant TIME = Instant.parse("2026-03-01T12:30:00.123456789Z");

  public static final EventIdentity IDENTITY =
      new EventIdentity("event-7f3a", "tenant-é", "content-1", 2, TIME);

  public static final RecordOrigin ORIGIN =
      new RecordOrigin("images", 3, 41L, "event-7f3a", Map.of("ce_id", "event-7f3a"));

  public static final ImageEvent EVENT =
      new ImageEvent(
          IDENTITY,
          Picture.ofBytes(new byte[] {1, 2, 3, -1}, "image/png", "ab".repeat(32)),
          new ImageRequest(
              "what is it?", "policy-1", Map.of("title", "a mug"), 5, TIME.plusSeconds(9), 0),
          ORIGIN,
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          null);

  public static final ModerationPolicy POLICY =
      new ModerationPolicy(
          "policy-1",
          "7",
          "is there a weapon?",
          List.of("no", "knife", "pistol"),
          "no",
          List.of(
              new ModerationPolicy.Label("knife", "knife", 0.25, 0.75),
              new ModerationPolicy.Label("pistol", "pistol", 0.125, 0.5)));

  /** {@link #EVENT} with what version 2 of its wire form added. */
  public static final ImageEvent JUDGED_EVENT =
      EVENT.with(
          new PolicyAssignment(
              POLICY,
              new ModerationPolicy(
                  "policy-1", "8", "a photo of {}", POLICY.options(), null, POLICY.labels())));

  public static final PolicyChange POLICY_CHANGE =
      new PolicyChange("policy-1", PolicyChange.Mode.SHADOW, TIME, POLICY);

  public static final PolicyStatus POLICY_STATUS =
      new PolicyStatus(
          new RecordOrigin("policies", 0, 12L, "policy-1", Map.of()),
          TIME,
          PolicyStatus.Change.of(POLICY_CHANGE),
          "policy 'policy-1': expected a new version for a new content, found version '7' again");

  public static final SlicePlan PLAN =
      new SlicePlan(new Size(4, 3), new Size(2, 1), new Size(2, 2), 2, 1);

  public static final ModelInfo MODEL =
      new ModelInfo("llava-uhd", "r1", "cd".repeat(32), Dtype.BFLOAT16);

  public static final StageTimings TIMINGS = new StageTimings(1, 20, 300, 4000);

  public static final Provenance PROVENANCE =
      new Provenance(
          MODEL, "lora-1", "caption", "3", PLAN, 192, true, TIMINGS, Provenance.CacheUse.HIT, 2);

  public static final SlicedImage SLICED =
      new SlicedImage(
          EVENT,
          new SlicedPicture(
              PLAN,
              List.of(image(2, 2), image(2, 2)),
              new RgbImage(2, 1, new byte[] {9, 8, 7, 6, 5, 4})),
          TIMINGS);

  public static final EncodedImage ENCODED =
      new EncodedImage(
          EVENT,
          new VisualTokens(
              PLAN, 2, 3, Dtype.BFLOAT16, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}),
          MODEL,
          TIMINGS);

  public static final Caption CAPTION =
      new Caption(
          IDENTITY,
          "two red striped mugs; price tag 48.21 €",
          "en",
          GeneratedText.FinishReason.STOP,
          11,
          -0.125,
          PROVENANCE);

  public static final Verdict VERDICT =
      new Verdict(
          IDENTITY,
          "ef".repeat(32),
          "policy-1",
          "7",
          Verdict.Decision.REVIEW,
          List.of(
              new Verdict.Label("knife", 0.5, 0.75, "slice 2"),
              new Verdict.Label("pistol", 0.25, 0.5, null)),
          LabelScores.ScoreType.NEXT_TOKEN_PROBABILITY,
          null,
          "a blade at the lower left",
          PROVENANCE);

  /** {@link #VERDICT} with what version 2 of its wire form added. */
  public static final Verdict CALIBRATED_VERDICT =
      new Verdict(
          VERDICT.identity(),
          VERDICT.verdictId(),
          VERDICT.policyId(),
          VERDICT.policyVersion(),
          VERDICT.decision(),
          VERDICT.labels(),
          VERDICT.scoreType(),
          "2",
          VERDICT.rationale(),
          VERDICT.provenance());

  public static final Description DESCRIPTION =
      new Description(
          IDENTITY,
          new Description.ScoredCaption("two mugs on a table", 0.75, true),
          List.of(
              new Description.Region(
                  0, 0, 2, 3, new Description.ScoredCaption("a red mug", 0.875, true)),
              new Description.Region(
                  2, 0, 2, 3, new Description.ScoredCaption("a blue dog", 0.125, false))),
          "Two mugs stand on a table, a red one at the left (0, 0, 2, 3).",
          List.of(
              new Description.PartProvenance(Description.Part.CAPTION, PROVENANCE),
              new Description.PartProvenance(Description.Part.REGIONS, PROVENANCE),
              new Description.PartProvenance(Description.Part.MATCH, PROVENANCE),
              new Description.PartProvenance(Description.Part.MERGE, PROVENANCE)));

  public static final Rejection REJECTION =
      new Rejection(
          IDENTITY,
          ORIGIN,
          Rejection.Stage.SLICE,
          Rejection.Category.UNREADABLE_IMAGE,
          "event event-7f3a: not an image (18 bytes, declared image/png)",
          2);

  private Samples() {}

  private static RgbImage image(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * 37);
    }
    return new RgbImage(width, height, rgb);
  }
}
