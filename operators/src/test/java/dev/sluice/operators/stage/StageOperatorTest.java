package dev.sluice.operators.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.models.value.Prompt;
import dev.sluice.operators.FakeDevice;
import dev.sluice.operators.FakeModel;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.Rejections;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.VisionOptions.OutputOrder;
import dev.sluice.operators.decode.CaptionStage;
import dev.sluice.operators.encode.EncodeStage;
import dev.sluice.operators.slice.SliceStage;
import dev.sluice.serde.Caption;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.SlicedImage;
import dev.sluice.serde.StageTimings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class StageOperatorTest {
  private FakeDevice device;

  @BeforeEach
  void nameDevice(TestInfo test) {
    device = FakeDevice.named(test.getDisplayName());
  }

  @Test
  void slice_goodPicture_keepsTimestampAndEvent() throws Exception {
    try (var harness = slice(device.model(8), OutputOrder.ORDERED)) {
      harness.open();
      harness.processElement(event("a", "cat"), 7);
      harness.endInput();

      assertThat(harness.getOutput()).hasSize(1);
      assertThat(harness.getRecordOutput())
          .extracting(StreamRecord::getTimestamp)
          .containsExactly(7L);
      assertThat(harness.extractOutputValues().get(0).event().eventId()).isEqualTo("a");
    }
  }

  @Test
  void slice_badPictures_goToSideOutput() throws Exception {
    try (var harness = slice(device.model(8), OutputOrder.ORDERED)) {
      harness.open();
      harness.processElement(event("a", FakeModel.Words.BROKEN), 1);
      ImageEvent good = event("b", "cat");
      harness.processElement(
          new ImageEvent(
              good.identity(), good.picture(), good.request(), null, null, "no ce_id header"),
          2);
      harness.processElement(
          ImageEvent.of(
              EventIdentity.of("c", Instant.EPOCH), Picture.ofUri("file:/x", null, -1, null)),
          3);
      harness.processElement(event("d", "x".repeat((int) FakeDevice.MAX_IMAGE_BYTES + 1)), 4);
      harness.endInput();

      assertThat(harness.extractOutputValues()).isEmpty();
      assertThat(rejections(harness))
          .extracting(r -> r.identity().eventId(), Rejection::stage, Rejection::category)
          .containsExactly(
              tuple("a", Rejection.Stage.SLICE, Rejection.Category.UNREADABLE_IMAGE),
              tuple("b", Rejection.Stage.SLICE, Rejection.Category.MALFORMED_RECORD),
              tuple("c", Rejection.Stage.SLICE, Rejection.Category.FETCH_FAILED),
              tuple("d", Rejection.Stage.SLICE, Rejection.Category.TOO_LARGE));
    }
  }

  @Test
  void encode_failingModel_failsTaskNamingEventAndStage() throws Exception {
    try (var harness = encode(device.model(8))) {
      harness.open();
      harness.processElement(sliced("e1", FakeModel.Words.FATAL), 1);
      assertThatThrownBy(harness::endInput)
          .hasStackTraceContaining("event e1: encode failed: kernel failed");
    }
  }

  @Test
  void encode_pictureTooLargeAlone_isRejectedAndNeighboursPass() throws Exception {
    try (var harness = encode(device.model(8))) {
      harness.open();
      harness.processElement(sliced("a", "cat"), 1);
      harness.processElement(sliced("b", FakeModel.Words.HUGE), 2);
      harness.processElement(sliced("c", "dog"), 3);
      harness.endInput();

      assertThat(harness.extractOutputValues())
          .extracting(image -> image.event().eventId())
          .containsExactly("a", "c");
      assertThat(rejections(harness))
          .extracting(Rejection::category)
          .containsExactly(Rejection.Category.OUT_OF_MEMORY);
    }
  }

  @Test
  void snapshot_holdsEveryEventInFlightOnceAndRestoreFinishesAll() throws Exception {
    OperatorSubtaskState state;
    List<String> out = new ArrayList<>();
    device.shut();
    try (var harness = encode(device.model(8))) {
      harness.open();
      harness.processElement(sliced("a", "cat"), 1);
      harness.processElement(sliced("b", "dog"), 2);
      harness.processElement(sliced("c", "cow"), 3);
      state = harness.snapshot(1, 1);
      assertThat(harness.extractOutputValues()).isEmpty();
    }
    device.open(100);
    assertThat(eventsIn(state)).containsExactly("a", "b", "c");

    try (var harness = encode(device.model(8))) {
      harness.initializeState(state);
      harness.open();
      harness.processElement(sliced("d", "ant"), 4);
      harness.endInput();
      harness.extractOutputValues().forEach(image -> out.add(image.event().eventId()));
      assertThat(harness.getRecordOutput())
          .extracting(StreamRecord::getTimestamp)
          .containsExactly(1L, 2L, 3L, 4L);
    }
    assertThat(out).containsExactly("a", "b", "c", "d");
  }

  @Test
  void decode_restored_isSlicedAndEncodedAgain() throws Exception {
    OperatorSubtaskState state;
    try (var harness = slice(device.model(8), OutputOrder.ORDERED)) {
      harness.open();
      harness.processElement(event("a", "cat"), 1);
      state = harness.snapshot(1, 1);
    }
    try (var harness = caption(device.model(8))) {
      harness.initializeState(state);
      harness.open();
      harness.endInput();
      Caption caption = harness.extractOutputValues().get(0);
      assertThat(caption.text()).isEqualTo("describe: cat");
      assertThat(caption.provenance().model()).isEqualTo(FakeModel.INFO);
      assertThat(caption.provenance().visualTokens()).isEqualTo(3);
    }
  }

  @Test
  void watermark_waitsForWhatCameBefore() throws Exception {
    device.shut();
    try (var harness = encode(device.model(8))) {
      harness.open();
      harness.processElement(sliced("a", "cat"), 1);
      harness.processWatermark(1);
      harness.processElement(sliced("b", "dog"), 2);
      assertThat(harness.getOutput()).isEmpty();
      device.open(100);
      harness.endInput();
      assertThat(harness.getOutput()).element(1).isEqualTo(new Watermark(1));
      assertThat(harness.getOutput()).hasSize(3);
    }
  }

  @Test
  void idleness_doesNotOvertakeTheWatermarkThatWaits() throws Exception {
    device.shut();
    try (var harness = encode(device.model(8))) {
      harness.open();
      harness.processElement(sliced("a", "cat"), 1);
      harness.processWatermark(1);
      harness.processWatermarkStatus(WatermarkStatus.IDLE);
      assertThat(harness.getOutput()).isEmpty();
      device.open(100);
      harness.endInput();
      assertThat(harness.getOutput()).element(1).isEqualTo(new Watermark(1));
      assertThat(harness.getOutput()).element(2).isEqualTo(WatermarkStatus.IDLE);
    }
  }

  @Test
  void budgetOfOnePicture_yieldsUntilThereIsRoom() throws Exception {
    // Encode leaves room for one picture in decode: two pictures' worth let one in at a time.
    try (var harness = encode(device.model(2))) {
      harness.open();
      for (int i = 0; i < 20; i++) {
        harness.processElement(sliced("e" + i, "cat"), i);
      }
      harness.endInput();
      assertThat(harness.extractOutputValues()).hasSize(20);
      assertThat(device.encodeBatches()).containsOnly(1);
    }
  }

  @Test
  void budgetBelowOnePicture_failsWithNumbers() throws Exception {
    try (var harness = encode(device.model(1))) {
      harness.open();
      assertThatThrownBy(() -> harness.processElement(sliced("a", "cat"), 1))
          .hasMessageContaining("no room for")
          .hasMessageContaining("sluice.memory.budget");
    }
  }

  private OneInputStreamOperatorTestHarness<ImageEvent, SlicedImage> slice(
      ModelRef model, OutputOrder order) throws Exception {
    return new OneInputStreamOperatorTestHarness<>(
        new StageOperatorFactory<>(new SliceStage(), model, options(order)));
  }

  private OneInputStreamOperatorTestHarness<SlicedImage, EncodedImage> encode(ModelRef model)
      throws Exception {
    return new OneInputStreamOperatorTestHarness<>(
        new StageOperatorFactory<>(new EncodeStage(), model, options(OutputOrder.ORDERED)));
  }

  private OneInputStreamOperatorTestHarness<EncodedImage, Caption> caption(ModelRef model)
      throws Exception {
    return new OneInputStreamOperatorTestHarness<>(
        new StageOperatorFactory<>(
            new CaptionStage(Prompt.of("describe:"), VisionOptions.DEFAULTS.text()),
            model,
            options(OutputOrder.ORDERED)));
  }

  private static VisionOptions options(OutputOrder order) {
    return VisionOptions.from(new Configuration().set(VisionOptions.ORDER, order));
  }

  private List<String> eventsIn(OperatorSubtaskState state) throws Exception {
    // A slice operator brings nothing up: what it emits is what the state holds.
    try (var harness = slice(device.model(8), OutputOrder.ORDERED)) {
      harness.initializeState(state);
      harness.open();
      harness.endInput();
      return harness.extractOutputValues().stream().map(s -> s.event().eventId()).toList();
    }
  }

  private static List<Rejection> rejections(OneInputStreamOperatorTestHarness<?, ?> harness) {
    ConcurrentLinkedQueue<StreamRecord<Rejection>> side = harness.getSideOutput(Rejections.TAG);
    return side == null ? List.of() : side.stream().map(StreamRecord::getValue).toList();
  }

  private static ImageEvent event(String id, String word) {
    return ImageEvent.of(
        EventIdentity.of(id, Instant.EPOCH),
        Picture.ofBytes(word.getBytes(StandardCharsets.UTF_8), "image/png"));
  }

  private static SlicedImage sliced(String id, String word) throws Exception {
    ImageEvent event = event(id, word);
    return new SlicedImage(
        event, FakeModel.SLICER.slice(word.getBytes(StandardCharsets.UTF_8)), StageTimings.NONE);
  }
}
