package dev.sluice.operators.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.models.value.Prompt;
import dev.sluice.operators.CacheOptions;
import dev.sluice.operators.FakeDevice;
import dev.sluice.operators.FakeModel;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.Rejections;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.decode.CaptionStage;
import dev.sluice.operators.decode.JudgeStage;
import dev.sluice.operators.device.DeviceRuntime;
import dev.sluice.serde.Caption;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ImageRequest;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.Picture;
import dev.sluice.serde.PolicyAssignment;
import dev.sluice.serde.Provenance.CacheUse;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Sha256;
import dev.sluice.serde.StageTimings;
import dev.sluice.serde.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The deciding step, given events whose pictures were not cut. */
class AnswersTest {
  private FakeDevice device;

  @BeforeEach
  void nameDevice(TestInfo test) {
    device = FakeDevice.named("answers " + test.getDisplayName());
  }

  @Test
  void repeats_areComputedOnceAndKeepTheirIdentityAndOrder() throws Exception {
    device.shut();
    ModelRef model = device.model(8);
    try (DeviceRuntime runtime = DeviceRuntime.of(model);
        var harness = captions(model, caching())) {
      harness.open();
      harness.processElement(uncut("a", "cat"), 1);
      harness.processElement(uncut("b", "cat"), 2);
      harness.processElement(uncut("c", "cat"), 3);
      // The first holds its file twice: as it waits for its turn, and as it is worked on.
      assertThat(runtime.ledger().bytesByLabel())
          .containsEntry("admitted", FakeDevice.COSTS.totalBytes() + 4 * 3);
      device.open(1);
      harness.endInput();
      harness.processElement(uncut("d", "cat"), 4);
      harness.endInput();

      assertThat(harness.extractOutputValues())
          .extracting(
              caption -> caption.identity().eventId(),
              Caption::text,
              caption -> caption.provenance().cache())
          .containsExactly(
              tuple("a", "describe: cat", CacheUse.NONE),
              tuple("b", "describe: cat", CacheUse.SHARED),
              tuple("c", "describe: cat", CacheUse.SHARED),
              tuple("d", "describe: cat", CacheUse.HIT));
      assertThat(harness.extractOutputValues().get(3).provenance().timings())
          .isEqualTo(StageTimings.NONE);
      assertThat(device.encodeBatches()).containsExactly(1);
      assertThat(runtime.ledger().bytesByLabel()).doesNotContainKey("admitted");
    }
  }

  @Test
  void otherPromptOrMediaType_isAnotherQuestion() throws Exception {
    try (var harness = captions(device.model(8), caching())) {
      harness.open();
      harness.processElement(uncut("a", "cat"), 1);
      harness.endInput();
      ImageEvent cat = event("b", "cat");
      ImageRequest asks = new ImageRequest("colour?", null, Map.of(), 0, null, 0);
      harness.processElement(
          uncut(new ImageEvent(cat.identity(), cat.picture(), asks, null, null, null)), 2);
      harness.processElement(
          uncut(cat.with(Picture.ofBytes(bytes("cat"), "image/jpeg", Sha256.hexOf(bytes("cat"))))),
          3);
      harness.endInput();

      assertThat(harness.extractOutputValues())
          .extracting(Caption::text, caption -> caption.provenance().cache())
          .containsExactly(
              tuple("describe: cat", CacheUse.NONE),
              tuple("colour? cat", CacheUse.NONE),
              tuple("describe: cat", CacheUse.NONE));
    }
  }

  @Test
  void verdictOfARepeat_hasItsOwnId() throws Exception {
    try (var harness =
        new OneInputStreamOperatorTestHarness<>(
            new StageOperatorFactory<>(
                new JudgeStage(List.of(noCats())), device.model(8), caching()))) {
      harness.open();
      harness.processElement(uncut("a", "cat"), 1);
      harness.endInput();
      harness.processElement(uncut("b", "cat"), 2);
      harness.processElement(uncut("a", "cat"), 3);
      harness.endInput();

      List<Verdict> verdicts = harness.extractOutputValues();
      assertThat(verdicts)
          .extracting(Verdict::decision, verdict -> verdict.provenance().cache())
          .containsExactly(
              tuple(Verdict.Decision.BLOCK, CacheUse.NONE),
              tuple(Verdict.Decision.BLOCK, CacheUse.HIT),
              tuple(Verdict.Decision.BLOCK, CacheUse.HIT));
      assertThat(verdicts.get(1).verdictId()).isNotEqualTo(verdicts.get(0).verdictId());
      assertThat(verdicts.get(2).verdictId()).isEqualTo(verdicts.get(0).verdictId());
    }
  }

  @Test
  void verdictUnderAnotherPolicy_isAnotherQuestion() throws Exception {
    try (var harness =
        new OneInputStreamOperatorTestHarness<>(
            new StageOperatorFactory<>(
                new JudgeStage(List.of(noCats())), device.model(8), caching()))) {
      harness.open();
      PolicyAssignment other = new PolicyAssignment(noCats("2"), null);
      harness.processElement(uncut(event("a", "cat")), 1);
      harness.processElement(uncut(event("b", "cat").with(other)), 2);
      harness.endInput();
      harness.processElement(uncut(event("c", "cat").with(other)), 3);
      harness.endInput();

      assertThat(harness.extractOutputValues())
          .extracting(Verdict::policyVersion, verdict -> verdict.provenance().cache())
          .containsExactly(
              tuple("1", CacheUse.NONE), tuple("2", CacheUse.NONE), tuple("2", CacheUse.HIT));
    }
  }

  @Test
  void restored_leadersAndThoseWhoWaitAreWorkedLikeAnyEvent() throws Exception {
    device.shut();
    OperatorSubtaskState state;
    try (var harness = captions(device.model(8), caching())) {
      harness.open();
      harness.processElement(uncut("a", "cat"), 1);
      harness.processElement(uncut("b", "cat"), 2);
      harness.processElement(uncut("c", "dog"), 3);
      state = harness.snapshot(1, 1);
      assertThat(harness.extractOutputValues()).isEmpty();
    }
    device.open(100);
    try (var harness = captions(device.model(8), caching())) {
      harness.initializeState(state);
      harness.open();
      harness.endInput();
      assertThat(harness.extractOutputValues())
          .extracting(caption -> caption.identity().eventId(), Caption::text)
          .containsExactly(
              tuple("a", "describe: cat"),
              tuple("b", "describe: cat"),
              tuple("c", "describe: dog"));
    }
  }

  @Test
  void restored_resultsAreStillKnown() throws Exception {
    OperatorSubtaskState state;
    try (var harness = captions(device.model(8), caching())) {
      harness.open();
      harness.processElement(uncut("a", "cat"), 1);
      harness.endInput();
      state = harness.snapshot(1, 1);
    }
    try (var harness = captions(device.model(8), caching())) {
      harness.initializeState(state);
      harness.open();
      harness.processElement(uncut("b", "cat"), 2);
      harness.endInput();
      assertThat(uses(harness)).containsExactly(CacheUse.HIT);
      assertThat(device.encodeBatches()).containsExactly(1);
    }
    try (var harness = captions(device.model(8), VisionOptions.DEFAULTS)) {
      harness.initializeState(state);
      harness.open();
      harness.processElement(uncut("c", "cat"), 3);
      harness.endInput();
      assertThat(uses(harness)).as("without the cache").containsExactly(CacheUse.NONE);
    }
  }

  @Test
  void brokenPicture_rejectsAllWhoWaitEachWithItsOwnIdentity() throws Exception {
    device.shut();
    try (var harness = captions(device.model(8), caching())) {
      harness.open();
      harness.processElement(uncut("a", FakeModel.Words.BROKEN), 1);
      harness.processElement(uncut("b", FakeModel.Words.BROKEN), 2);
      harness.endInput();
      assertThat(rejections(harness))
          .extracting(r -> r.identity().eventId(), Rejection::category)
          .containsExactly(
              tuple("a", Rejection.Category.UNREADABLE_IMAGE),
              tuple("b", Rejection.Category.UNREADABLE_IMAGE));
    }
  }

  @Test
  void pictureTooLargeForTheDevice_isTriedByEachOfItsEvents() throws Exception {
    try (var harness = captions(device.model(8), caching())) {
      harness.open();
      harness.processElement(uncut("a", FakeModel.Words.HUGE), 1);
      harness.processElement(uncut("b", FakeModel.Words.HUGE), 2);
      harness.endInput();
      assertThat(rejections(harness))
          .extracting(r -> r.identity().eventId(), Rejection::category)
          .containsExactly(
              tuple("a", Rejection.Category.OUT_OF_MEMORY),
              tuple("b", Rejection.Category.OUT_OF_MEMORY));
      assertThat(device.encodeBatches()).containsExactly(1, 1);
    }
  }

  @Test
  void budgetOfOnePicture_isEnoughForThoseWhoLeadAfterAnother() throws Exception {
    try (var harness = captions(device.model(1), caching())) {
      harness.open();
      for (int i = 0; i < 6; i++) {
        harness.processElement(uncut("e" + i, i % 2 == 0 ? FakeModel.Words.HUGE : "cat"), i);
      }
      harness.endInput();
      assertThat(rejections(harness)).hasSize(3);
      assertThat(harness.extractOutputValues()).hasSize(3);
    }
  }

  @Test
  void drawnCaptions_areReusedOnlyWhereSaidSo() throws Exception {
    Configuration drawn = new Configuration().set(VisionOptions.TEMPERATURE, 0.7);
    drawn.set(CacheOptions.ENABLED, true);
    assertThat(twice(VisionOptions.from(drawn))).containsExactly(CacheUse.NONE, CacheUse.NONE);
    assertThat(twice(VisionOptions.from(drawn.set(CacheOptions.SAMPLED, true))))
        .containsExactly(CacheUse.NONE, CacheUse.HIT);
  }

  private List<CacheUse> twice(VisionOptions options) throws Exception {
    try (var harness = captions(device.model(8), options)) {
      harness.open();
      harness.processElement(uncut("a", "cat"), 1);
      harness.endInput();
      harness.processElement(uncut("b", "cat"), 2);
      harness.endInput();
      return uses(harness);
    }
  }

  private static List<CacheUse> uses(OneInputStreamOperatorTestHarness<?, Caption> harness) {
    return harness.extractOutputValues().stream()
        .map(caption -> caption.provenance().cache())
        .toList();
  }

  private static OneInputStreamOperatorTestHarness<EncodedImage, Caption> captions(
      ModelRef model, VisionOptions options) throws Exception {
    return new OneInputStreamOperatorTestHarness<>(
        new StageOperatorFactory<>(
            new CaptionStage(Prompt.of("describe:"), options.text()), model, options));
  }

  private static VisionOptions caching() {
    return VisionOptions.from(new Configuration().set(CacheOptions.ENABLED, true));
  }

  private static List<Rejection> rejections(OneInputStreamOperatorTestHarness<?, ?> harness) {
    ConcurrentLinkedQueue<StreamRecord<Rejection>> side = harness.getSideOutput(Rejections.TAG);
    return side == null ? List.of() : side.stream().map(StreamRecord::getValue).toList();
  }

  private static EncodedImage uncut(String id, String word) {
    return uncut(event(id, word));
  }

  private static EncodedImage uncut(ImageEvent event) {
    return new EncodedImage(event, null, FakeModel.INFO, StageTimings.NONE);
  }

  private static ImageEvent event(String id, String word) {
    return ImageEvent.of(
        EventIdentity.of(id, Instant.EPOCH),
        Picture.ofBytes(bytes(word), "image/png", Sha256.hexOf(bytes(word))));
  }

  private static byte[] bytes(String word) {
    return word.getBytes(StandardCharsets.UTF_8);
  }

  private static ModerationPolicy noCats() {
    return noCats("1");
  }

  private static ModerationPolicy noCats(String version) {
    return new ModerationPolicy(
        "no-cats",
        version,
        "what is it?",
        List.of("cat", "none"),
        "none",
        List.of(new ModerationPolicy.Label("CAT", "cat", 0.5, 0.8)));
  }
}
