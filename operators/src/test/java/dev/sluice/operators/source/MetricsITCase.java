package dev.sluice.operators.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.models.value.Prompt;
import dev.sluice.operators.CacheOptions;
import dev.sluice.operators.FakeDevice;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.Rejections;
import dev.sluice.operators.VisionLanguage;
import dev.sluice.operators.VisionOptions;
import dev.sluice.serde.Caption;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.SlicedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every metric of docs/metrics.md is there in a running job, and moves. */
class MetricsITCase {
  private static final int EVENTS = 60;
  private static final Duration UPDATED = Duration.ofSeconds(30);
  private static final InMemoryReporter REPORTER = InMemoryReporter.createWithRetainedMetrics();

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setConfiguration(REPORTER.addToConfiguration(new Configuration()))
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(1)
              .build());

  private final FakeDevice device = FakeDevice.named("metered");
  private final Probe probe = Probe.named("metered");
  private JobID job;

  @BeforeEach
  void shutDevice() {
    device.shut();
  }

  @AfterEach
  void openDevice() {
    device.open(EVENTS);
  }

  @Test
  void runningJob_showsWhatItDoesAndWhatHoldsItUp() throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(1);
    captions(env, device.model(5), VisionOptions.DEFAULTS);
    JobClient client = env.executeAsync();
    job = client.getJobID();

    // The encoder waits in its first batch, so the device works all the time. Four pictures fit.
    await().atMost(UPDATED).until(() -> "encode".equals(value("images", "bottleneck")));
    assertThat(number("images", "limit.encode.limiting")).isEqualTo(1);
    assertThat(number("images", "limit.encode.limitShare")).isGreaterThan(0.8);
    assertThat(number("images", "limit.memory.limitShare")).isGreaterThan(0.2);
    assertThat(number("images", "limit.source.limiting")).isZero();
    assertThat(number("images", "inFlight")).isEqualTo(4);
    assertThat(number("images", "credits")).isZero();
    assertThat(number("encode", "inFlight")).isEqualTo(4);
    assertThat(number("encode", "inFlightBytes")).isEqualTo(4 * 3);
    assertThat(number("encode", "device.metered.load")).isGreaterThan(0.8);
    assertThat(number("encode", "device.metered.work.encode.load")).isGreaterThan(0.8);
    assertThat(number("encode", "device.metered.label.admitted.ledgerBytes")).isEqualTo(4 * 103);
    assertThat(number("encode", "device.metered.label.weights.ledgerBytes")).isEqualTo(1000);
    assertThat(number("encode", "device.metered.label.kv-cache.ledgerBytes")).isZero();
    assertThat(number("encode", "device.metered.label.others.ledgerBytes")).isZero();
    assertThat(number("encode", "device.metered.ledgerUsedBytes")).isEqualTo(1000 + 4 * 103);
    assertThat(number("encode", "device.metered.ledgerBudgetBytes")).isEqualTo(1000 + 5 * 200);

    device.open(EVENTS);
    client.getJobExecutionResult().get();
    assertThat(number("images", "admitted")).isEqualTo(EVENTS);
    assertThat(number("images", "inFlight")).isZero();
    for (String step : List.of("slice", "encode", "caption")) {
      assertThat(number(step, "inFlight")).as(step).isZero();
      assertThat(number(step, "inFlightBytes")).as(step).isZero();
      assertThat(count(step, "workMicros")).as(step).isEqualTo(EVENTS * 2 / 3);
      assertThat(count(step, "waitMicros")).as(step).isEqualTo(EVENTS * 2 / 3);
    }
    assertThat(number("slice", "category.unreadable_image.rejected")).isEqualTo(EVENTS / 3);
    assertThat(number("slice", "category.too_large.rejected")).isZero();
    assertThat(number("slice", "device.metered.work.slice.busySeconds")).isPositive();
    assertThat(number("slice", "device.metered.work.encode.busySeconds")).isPositive();
    assertThat(number("slice", "device.metered.work.generate.busySeconds")).isPositive();
    assertThat(number("slice", "device.metered.work.score.busySeconds")).isZero();
    assertThat(number("slice", "device.metered.encodedPictures")).isEqualTo(EVENTS * 2 / 3);
    assertThat(number("slice", "device.metered.encodedTiles")).isEqualTo(EVENTS * 2 / 3);
    assertThat(number("slice", "device.metered.generatedTokens")).isEqualTo(EVENTS * 2);
    assertThat(number("slice", "device.metered.ledgerPeakBytes")).isGreaterThan(1000);
    assertThat(metrics("slice"))
        .containsKeys(
            "device.metered.encodeBatchFill",
            "device.metered.encodeGigaflopsPerSecond",
            "device.metered.generateGigabytesPerSecond",
            "device.metered.generatedTokensPerSecond",
            "device.metered.deviceSecondsPerThousandImages");
  }

  /** Every name that the operators register stands in docs/metrics.md. */
  @Test
  void everyMetric_isDocumented() throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(1);
    captions(
        env,
        device.model(5),
        VisionOptions.from(new Configuration().set(CacheOptions.ENABLED, true)));
    device.open(EVENTS);
    job = env.execute().getJobID();

    String page = Files.readString(Path.of("..", "docs", "metrics.md"));
    assertThat(metrics("caption"))
        .containsKeys("cacheHits", "cacheShared", "cacheMisses", "cacheEntries", "cacheBytes");
    for (String operator : List.of("images", "slice", "encode", "caption")) {
      for (String name : metrics(operator).keySet()) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        assertThat(page).as(name).contains("`" + last + "`");
      }
    }
  }

  private void captions(StreamExecutionEnvironment env, ModelRef model, VisionOptions options) {
    VisionLanguage vision = VisionLanguage.with(model, options);
    DataStream<ImageEvent> images =
        probe.words(env, model, options, EVENTS, i -> i % 3 == 2 ? "broken" : "cat");
    SingleOutputStreamOperator<SlicedImage> sliced = vision.slice(images);
    SingleOutputStreamOperator<EncodedImage> encoded = vision.encode(sliced);
    SingleOutputStreamOperator<Caption> captions = vision.caption(encoded, Prompt.of("describe:"));
    probe.collect(
        captions
            .map(caption -> caption.identity().eventId())
            .union(
                Rejections.of(sliced, encoded, captions)
                    .map(rejection -> rejection.identity().eventId())));
  }

  private double number(String operator, String name) {
    return metric(operator, name) instanceof Counter counter
        ? counter.getCount()
        : ((Number) value(operator, name)).doubleValue();
  }

  private long count(String operator, String name) {
    return ((Histogram) metric(operator, name)).getCount();
  }

  private Object value(String operator, String name) {
    return metric(operator, name) instanceof Gauge<?> gauge ? gauge.getValue() : null;
  }

  private Metric metric(String operator, String name) {
    return metrics(operator).get(name);
  }

  /** The job's metrics under {@code sluice} of the operator whose name has the word. */
  private Map<String, Metric> metrics(String operator) {
    Map<String, Metric> found = new TreeMap<>();
    Pattern name = Pattern.compile("\\.[^.]*" + operator + "[^.]*\\.0\\.sluice\\.(.*)");
    REPORTER
        .findMetrics(job, "sluice")
        .forEach(
            (identifier, metric) -> {
              Matcher matcher = name.matcher(identifier);
              if (matcher.find()) {
                found.put(matcher.group(1), metric);
              }
            });
    return found;
  }
}
