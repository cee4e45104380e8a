package dev.sluice.operators.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.models.value.Prompt;
import dev.sluice.operators.FakeDevice;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionLanguage;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.VisionOptions.Chaining;
import dev.sluice.serde.Caption;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ImageRequest;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Steps in tasks of their own while the device stands still: every step and the network fill up.
 */
class FullNetworkITCase {
  private static final int EVENTS = 600;

  /** Two fill a network buffer. */
  private static final String LONG_PROMPT = "describe ".repeat(200);

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setConfiguration(
                  new Configuration()
                      .set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, MemorySize.parse("4kb")))
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(1)
              .build());

  @Test
  void fullSteps_letUnalignedCheckpointsPass() throws Exception {
    FakeDevice device = FakeDevice.named("full").shut();
    Probe probe = Probe.named("full");
    ModelRef model = device.model(10_000);
    StreamExecutionEnvironment env = environment();
    captions(env, model, probe);
    JobClient job = env.executeAsync();

    await().until(() -> readsNothingThroughoutCheckpoints(probe));
    assertThat(probe.read()).isLessThan(EVENTS);

    device.open(Integer.MAX_VALUE / 2);
    job.getJobExecutionResult().get();
    assertThat(probe.results())
        .containsExactlyElementsOf(IntStream.range(0, EVENTS).mapToObj(i -> "e" + i).toList());
  }

  private static boolean readsNothingThroughoutCheckpoints(Probe probe) {
    int read = probe.read();
    int before = probe.checkpoints();
    await().until(() -> probe.checkpoints() >= before + 5);
    return read > 0 && probe.read() == read;
  }

  private static void captions(StreamExecutionEnvironment env, ModelRef model, Probe probe) {
    VisionOptions options =
        VisionOptions.from(
            new Configuration()
                .set(VisionOptions.CHAINING, Chaining.UNCHAINED)
                .set(VisionOptions.CAPACITY, 4));
    VisionLanguage vision = VisionLanguage.with(model, options);
    DataStream<ImageEvent> images =
        probe
            .words(env, model, options, EVENTS, i -> "cat")
            .map(image -> image.with(new ImageRequest(LONG_PROMPT, null, Map.of(), 0, null, 0)));
    DataStream<Caption> captions =
        vision.caption(vision.encode(vision.slice(images)), Prompt.of("describe:"));
    probe.collect(captions.map(caption -> caption.identity().eventId()));
  }

  private static StreamExecutionEnvironment environment() {
    Configuration config = new Configuration();
    config.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(config);
    env.setParallelism(1);
    env.enableCheckpointing(20);
    return env;
  }
}
