package dev.sluice.operators.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.value.Prompt;
import dev.sluice.operators.FakeDevice;
import dev.sluice.operators.FetchOptions;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.Rejections;
import dev.sluice.operators.VisionLanguage;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.VisionOptions.OutputOrder;
import dev.sluice.operators.device.DeviceRuntime;
import dev.sluice.operators.fetch.PictureServer;
import dev.sluice.serde.Caption;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.Picture;
import dev.sluice.serde.SlicedImage;
import dev.sluice.serde.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

class GatedSourceITCase {
  private static final int EVENTS = 60;

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(4)
              .build());

  private FakeDevice device;
  private Probe probe;

  @BeforeEach
  void nameDevice(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName();
    device = FakeDevice.named(name);
    probe = Probe.named(name);
  }

  @Test
  void fullLedger_stopsReadingWhileCheckpointsPass() throws Exception {
    device.shut();
    ModelRef model = device.model(5);
    try (DeviceRuntime runtime = DeviceRuntime.of(model)) {
      MemoryLedger ledger = runtime.ledger();
      StreamExecutionEnvironment env = Probe.environment(1);
      captions(env, model, VisionOptions.DEFAULTS);
      JobClient job = env.executeAsync();

      // A picture asks for 200 bytes, keeps 103, and 400 stay free for later steps: four fit.
      await().until(() -> probe.read() == 4);
      int before = probe.checkpoints();
      await().until(() -> probe.checkpoints() >= before + 5);
      assertThat(probe.read()).isEqualTo(4);
      assertThat(ledger.bytesByLabel()).containsEntry("admitted", 4 * 103L);

      device.open(Integer.MAX_VALUE / 2);
      job.getJobExecutionResult().get();
      assertThat(probe.results()).containsExactlyElementsOf(ids());
      assertThat(ledger.peakBytes()).isLessThanOrEqualTo(ledger.budgetBytes());
      await().until(() -> ledger.usedBytes() == 0);
    }
    await().until(() -> device.threads().isEmpty());
  }

  @Test
  void picturesWithFewTiles_giveTheRestOfTheirCreditBack() throws Exception {
    device.shut().mostSlices(1);
    ModelRef model = device.model(5);
    try (DeviceRuntime runtime = DeviceRuntime.of(model)) {
      StreamExecutionEnvironment env = Probe.environment(1);
      captions(env, model, VisionOptions.DEFAULTS);
      JobClient job = env.executeAsync();

      // One of two tiles: half of tiles, encoding and tokens, 30 of 103 bytes, are not needed.
      await().until(() -> probe.read() == 6);
      int before = probe.checkpoints();
      await().until(() -> probe.checkpoints() >= before + 3);
      assertThat(probe.read()).isEqualTo(6);
      assertThat(runtime.ledger().bytesByLabel()).containsEntry("admitted", 6 * 73L);

      device.open(Integer.MAX_VALUE / 2);
      job.getJobExecutionResult().get();
      assertThat(probe.results()).containsExactlyElementsOf(ids());
      await().until(() -> runtime.ledger().usedBytes() == 0);
    }
  }

  @Test
  void capacityReached_stopsReadingHoweverLargeTheBudget() throws Exception {
    device.shut();
    ModelRef model = device.model(1000);
    StreamExecutionEnvironment env = Probe.environment(1);
    captions(env, model, options(OutputOrder.ORDERED, 6));
    JobClient job = env.executeAsync();

    await().until(() -> probe.read() == 6);
    int before = probe.checkpoints();
    await().until(() -> probe.checkpoints() >= before + 3);
    assertThat(probe.read()).isEqualTo(6);

    device.open(Integer.MAX_VALUE / 2);
    job.getJobExecutionResult().get();
    assertThat(probe.results()).containsExactlyElementsOf(ids());
  }

  @Test
  void failureInTheMiddle_deliversEverythingOnce() throws Exception {
    device.shut();
    probe.failAfter(21);
    ModelRef model = device.model(5);
    try (DeviceRuntime runtime = DeviceRuntime.of(model)) {
      StreamExecutionEnvironment env = Probe.environment(1);
      captions(env, model, VisionOptions.DEFAULTS);
      JobClient job = env.executeAsync();
      device.open(20);
      await().until(() -> probe.checkpoints() > 0);
      device.open(Integer.MAX_VALUE / 2);
      job.getJobExecutionResult().get();

      assertThat(probe.hasFailed()).isTrue();
      assertThat(probe.results()).containsExactlyElementsOf(ids());
      assertThat(runtime.ledger().peakBytes()).isLessThanOrEqualTo(runtime.ledger().budgetBytes());
      await().until(() -> runtime.ledger().usedBytes() == 0);
    }
  }

  @Test
  void unchainedSteps_withRoomForOnePictureEach_deliverEverything() throws Exception {
    ModelRef model = device.model(3);
    try (DeviceRuntime runtime = DeviceRuntime.of(model)) {
      StreamExecutionEnvironment env = Probe.environment(2);
      VisionLanguage vision = VisionLanguage.with(model, options(OutputOrder.UNORDERED, 64));
      DataStream<ImageEvent> images = images(env, model, VisionOptions.DEFAULTS);
      SingleOutputStreamOperator<SlicedImage> sliced = vision.slice(images).startNewChain();
      SingleOutputStreamOperator<EncodedImage> encoded =
          vision.encode(sliced.rebalance()).startNewChain();
      SingleOutputStreamOperator<Caption> captions =
          vision.caption(encoded.rebalance(), Prompt.of("describe:")).startNewChain();
      probe.collect(captions.map(caption -> caption.identity().eventId()));
      env.execute();

      assertThat(probe.results()).containsExactlyInAnyOrderElementsOf(ids());
      assertThat(runtime.ledger().peakBytes()).isLessThanOrEqualTo(runtime.ledger().budgetBytes());
      await().until(() -> runtime.ledger().usedBytes() == 0);
      assertThat(device.loads()).isEqualTo(1);
    }
  }

  @Test
  void twoReadersOfOneEncodedStream_shareTheAdmission() throws Exception {
    ModelRef model = device.model(4);
    try (DeviceRuntime runtime = DeviceRuntime.of(model)) {
      StreamExecutionEnvironment env = Probe.environment(2);
      VisionLanguage vision = VisionLanguage.with(model, options(OutputOrder.UNORDERED, 64));
      SingleOutputStreamOperator<SlicedImage> sliced =
          vision.slice(images(env, model, VisionOptions.DEFAULTS));
      SingleOutputStreamOperator<EncodedImage> encoded = vision.encode(sliced);
      SingleOutputStreamOperator<Caption> captions =
          vision.caption(encoded, Prompt.of("describe:"));
      SingleOutputStreamOperator<Verdict> verdicts = vision.judge(encoded, policy());
      probe.collect(
          captions
              .map(caption -> caption.identity().eventId())
              .union(verdicts.map(verdict -> verdict.identity().eventId())));
      env.execute();

      assertThat(probe.results())
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 2 * EVENTS).mapToObj(i -> "e" + i / 2).toList());
      assertThat(runtime.ledger().peakBytes()).isLessThanOrEqualTo(runtime.ledger().budgetBytes());
      await().until(() -> runtime.ledger().usedBytes() == 0);
    }
  }

  @Test
  void rejectedPictures_goToTheSideOutputAndGiveTheirMemoryBack() throws Exception {
    ModelRef model = device.model(4);
    StreamExecutionEnvironment env = Probe.environment(1);
    VisionLanguage vision = VisionLanguage.with(model);
    DataStream<ImageEvent> images =
        probe.words(env, model, VisionOptions.DEFAULTS, EVENTS, i -> i % 3 == 0 ? "broken" : "cat");
    SingleOutputStreamOperator<SlicedImage> sliced = vision.slice(images);
    SingleOutputStreamOperator<EncodedImage> encoded = vision.encode(sliced);
    SingleOutputStreamOperator<Caption> captions = vision.caption(encoded, Prompt.of("describe:"));
    probe.collect(
        captions
            .map(caption -> caption.identity().eventId())
            .union(
                Rejections.of(sliced, encoded, captions)
                    .map(rejection -> "rejected " + rejection.identity().eventId())));
    env.execute();

    assertThat(probe.results())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, EVENTS)
                .mapToObj(i -> (i % 3 == 0 ? "rejected e" : "e") + i)
                .toList());
  }

  @Test
  void picturesByReference_areFetchedWhileCheckpointsPass() throws Exception {
    ModelRef model = device.model(5);
    CountDownLatch patience = new CountDownLatch(1);
    try (PictureServer server = pictures(patience);
        DeviceRuntime runtime = DeviceRuntime.of(model)) {
      String base = "http://127.0.0.1:" + server.port();
      StreamExecutionEnvironment env = Probe.environment(1);
      VisionOptions options = fetching(server);
      VisionLanguage vision = VisionLanguage.with(model, options);
      DataStream<ImageEvent> images =
          probe.source(
              env,
              model,
              options,
              EVENTS,
              i -> Picture.ofUri(base + (i % 5 == 0 ? "/gone" : "/cat"), null, -1, null));
      SingleOutputStreamOperator<SlicedImage> sliced = vision.slice(images);
      SingleOutputStreamOperator<EncodedImage> encoded = vision.encode(sliced);
      SingleOutputStreamOperator<Verdict> verdicts = vision.judge(encoded, policy());
      probe.collect(
          verdicts
              .map(verdict -> verdict.identity().eventId())
              .union(
                  Rejections.of(sliced, encoded, verdicts)
                      .map(r -> r.stage() + " " + r.category() + " " + r.identity().eventId())));
      JobClient job = env.executeAsync();

      // The first is rejected at once. Nobody knows how large the others are, so only three fit.
      await().until(() -> probe.read() == 4);
      int before = probe.checkpoints();
      await().until(() -> probe.checkpoints() >= before + 5);
      assertThat(probe.read()).isEqualTo(4);
      assertThat(runtime.ledger().bytesByLabel())
          .containsEntry("admitted", 3 * FakeDevice.IMAGE_BYTES);

      patience.countDown();
      job.getJobExecutionResult().get();
      assertThat(probe.results())
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, EVENTS)
                  .mapToObj(i -> (i % 5 == 0 ? "FETCH FETCH_FAILED e" : "e") + i)
                  .toList());
      await().until(() -> runtime.ledger().usedBytes() == 0);
    }
  }

  @Test
  void cancelledJob_givesEverythingBack() throws Exception {
    device.shut();
    ModelRef model = device.model(5);
    try (DeviceRuntime runtime = DeviceRuntime.of(model)) {
      StreamExecutionEnvironment env = Probe.environment(1);
      captions(env, model, VisionOptions.DEFAULTS);
      JobClient job = env.executeAsync();
      await().until(() -> probe.read() == 4);
      job.cancel().get();

      // The batch under way still has its memory; it is given back when it ends.
      device.open(Integer.MAX_VALUE / 2);
      await().until(() -> runtime.ledger().usedBytes() == 0);
    }
    await().until(() -> device.threads().isEmpty());
    assertThat(device.closes()).isEqualTo(1);
  }

  private void captions(StreamExecutionEnvironment env, ModelRef model, VisionOptions options) {
    VisionLanguage vision = VisionLanguage.with(model, options);
    SingleOutputStreamOperator<SlicedImage> sliced = vision.slice(images(env, model, options));
    SingleOutputStreamOperator<Caption> captions =
        vision.caption(vision.encode(sliced), Prompt.of("describe:"));
    probe.collect(captions.map(caption -> caption.identity().eventId()));
  }

  private DataStream<ImageEvent> images(
      StreamExecutionEnvironment env, ModelRef model, VisionOptions options) {
    return probe.words(env, model, options, EVENTS, i -> "cat");
  }

  private static VisionOptions options(OutputOrder order, int capacity) {
    return VisionOptions.from(
        new Configuration().set(VisionOptions.ORDER, order).set(VisionOptions.CAPACITY, capacity));
  }

  /** Has cats, and shows none before somebody lost patience. */
  private static PictureServer pictures(CountDownLatch patience) throws IOException {
    return PictureServer.start()
        .on(
            "/cat",
            exchange -> {
              try {
                patience.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              exchange.sendResponseHeaders(200, 3);
              exchange.getResponseBody().write("cat".getBytes(StandardCharsets.UTF_8));
            });
  }

  private static VisionOptions fetching(PictureServer server) {
    return VisionOptions.from(
        new Configuration()
            .set(FetchOptions.HOSTS, List.of("127.0.0.1"))
            .set(FetchOptions.PRIVATE_NETWORKS, List.of("127.0.0.1"))
            .set(FetchOptions.PORTS, List.of(server.port())));
  }

  private static ModerationPolicy policy() {
    return new ModerationPolicy(
        "animals",
        "1",
        "what is it?",
        List.of("cat", "none"),
        "none",
        List.of(new ModerationPolicy.Label("CAT", "cat", 0.5, 0.8)));
  }

  private static List<String> ids() {
    return IntStream.range(0, EVENTS).mapToObj(i -> "e" + i).toList();
  }
}
