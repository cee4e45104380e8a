package dev.sluice.operators.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.models.value.Prompt;
import dev.sluice.operators.CacheOptions;
import dev.sluice.operators.FakeDevice;
import dev.sluice.operators.FakeModel;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.Rejections;
import dev.sluice.operators.VisionLanguage;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.device.DeviceRuntime;
import dev.sluice.serde.Caption;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.SlicedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams in which 600 of 1,000 events repeat the picture of an earlier one. */
class RepeatsITCase {
  private static final int EVENTS = 1000;
  private static final int DISTINCT = 400;

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  private FakeDevice device;
  private Probe probe;

  @BeforeEach
  void name(TestInfo test) {
    String name = "repeats " + test.getDisplayName();
    device = FakeDevice.named(name);
    probe = Probe.named(name);
  }

  @Test
  void repeats_areComputedOnceAndAnsweredInOrder() throws Exception {
    ModelRef model = device.model(20);
    try (DeviceRuntime runtime = DeviceRuntime.of(model)) {
      StreamExecutionEnvironment env = Probe.environment(1);
      captions(env, model, RepeatsITCase::word);
      env.execute();

      assertThat(probe.results()).containsExactlyElementsOf(expected());
      assertThat(computed()).isEqualTo(DISTINCT);
      assertThat(runtime.ledger().peakBytes()).isLessThanOrEqualTo(runtime.ledger().budgetBytes());
      await().until(() -> runtime.ledger().usedBytes() == 0);
    }
  }

  @Test
  void repeatsOverTwoSubtasks_areComputedOnceInTheProcess() throws Exception {
    StreamExecutionEnvironment env = Probe.environment(2);
    captions(env, device.model(20), RepeatsITCase::word);
    env.execute();

    assertThat(probe.results()).containsExactlyInAnyOrderElementsOf(expected());
    assertThat(computed()).isEqualTo(DISTINCT);
  }

  @Test
  void failureInTheMiddle_answersEveryEventOnceInOrder() throws Exception {
    device.shut();
    probe.failAfter(30);
    StreamExecutionEnvironment env = Probe.environment(1);
    captions(env, device.model(20), RepeatsITCase::word);
    JobClient job = env.executeAsync();
    device.open(20);
    await().until(() -> probe.checkpoints() > 0);
    device.open(Integer.MAX_VALUE / 2);
    job.getJobExecutionResult().get();

    assertThat(probe.hasFailed()).isTrue();
    assertThat(probe.results()).containsExactlyElementsOf(expected());
  }

  @Test
  void unchainedSteps_answerEveryEvent() throws Exception {
    ModelRef model = device.model(8);
    try (DeviceRuntime runtime = DeviceRuntime.of(model)) {
      StreamExecutionEnvironment env = Probe.environment(2);
      VisionOptions options = options();
      VisionLanguage vision = VisionLanguage.with(model, options);
      SingleOutputStreamOperator<SlicedImage> sliced =
          vision.slice(probe.words(env, model, options, EVENTS, RepeatsITCase::word));
      SingleOutputStreamOperator<EncodedImage> encoded =
          vision.encode(sliced.rebalance()).startNewChain();
      SingleOutputStreamOperator<Caption> captions =
          vision.caption(encoded.rebalance(), Prompt.of("describe:")).startNewChain();
      probe.collect(captions.map(RepeatsITCase::shown));
      env.execute();

      assertThat(probe.results()).containsExactlyInAnyOrderElementsOf(expected());
      await().until(() -> runtime.ledger().usedBytes() == 0);
    }
  }

  @Test
  void repeatedBrokenPictures_areRejectedOneByOne() throws Exception {
    StreamExecutionEnvironment env = Probe.environment(1);
    captions(env, device.model(20), i -> i % 2 == 0 ? FakeModel.Words.BROKEN : word(i));
    env.execute();

    assertThat(probe.results())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, EVENTS)
                .mapToObj(i -> i % 2 == 0 ? "e" + i + " UNREADABLE_IMAGE" : expected().get(i))
                .toList());
  }

  private void captions(StreamExecutionEnvironment env, ModelRef model, Probe.WordOf words) {
    VisionOptions options = options();
    VisionLanguage vision = VisionLanguage.with(model, options);
    SingleOutputStreamOperator<SlicedImage> sliced =
        vision.slice(probe.words(env, model, options, EVENTS, words));
    SingleOutputStreamOperator<EncodedImage> encoded = vision.encode(sliced);
    SingleOutputStreamOperator<Caption> captions = vision.caption(encoded, Prompt.of("describe:"));
    probe.collect(
        captions
            .map(RepeatsITCase::shown)
            .union(
                Rejections.of(sliced, encoded, captions)
                    .map(r -> r.identity().eventId() + " " + r.category())));
  }

  private int computed() {
    return device.encodeBatches().stream().mapToInt(Integer::intValue).sum();
  }

  private static VisionOptions options() {
    return VisionOptions.from(new Configuration().set(CacheOptions.ENABLED, true));
  }

  /** Five events show two pictures: some repeats come at once, some after the first is done. */
  private static String word(long event) {
    long group = event / 5;
    long first = event % 5 == 1 || event % 5 == 4 ? 1 : 0;
    return "picture" + (2 * group + first);
  }

  private static String shown(Caption caption) {
    return caption.identity().eventId() + " " + caption.text();
  }

  private static List<String> expected() {
    return IntStream.range(0, EVENTS).mapToObj(i -> "e" + i + " describe: " + word(i)).toList();
  }
}
