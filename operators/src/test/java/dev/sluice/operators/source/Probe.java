package dev.sluice.operators.source;

import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionOptions;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Both ends of a test job: events in, results collected in checkpointed state, so that what is lost
 * or doubled by a failure shows. Thread-safe; found by name since functions travel serialized.
 */
final class Probe {
  private static final Map<String, Probe> BY_NAME = new ConcurrentHashMap<>();

  private final String name;
  private final AtomicInteger read = new AtomicInteger();
  private final AtomicInteger checkpoints = new AtomicInteger();
  private volatile int failAfter = Integer.MAX_VALUE;
  private volatile boolean failed;
  private volatile List<String> results = List.of();

  private Probe(String name) {
    this.name = name;
  }

  static Probe named(String name) {
    Probe probe = new Probe(name);
    BY_NAME.put(name, probe);
    return probe;
  }

  /** Fails the job once, after so many results and a checkpoint. */
  void failAfter(int count) {
    failAfter = count;
  }

  boolean hasFailed() {
    return failed;
  }

  /** Of a job that starts again once, and takes checkpoints all the time. */
  static StreamExecutionEnvironment environment(int parallelism) {
    Configuration config = new Configuration();
    config.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    config.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
    config.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(config);
    env.setParallelism(parallelism);
    env.enableCheckpointing(20);
    return env;
  }

  /** Events that were read from the source. */
  int read() {
    return read.get();
  }

  int checkpoints() {
    return checkpoints.get();
  }

  /** What came out, after the end of the job. */
  List<String> results() {
    return results;
  }

  DataStream<ImageEvent> words(
      StreamExecutionEnvironment env,
      ModelRef model,
      VisionOptions options,
      int count,
      WordOf words) {
    return source(
        env,
        model,
        options,
        count,
        i -> Picture.ofBytes(words.of(i).getBytes(StandardCharsets.UTF_8), "image/png"));
  }

  DataStream<ImageEvent> source(
      StreamExecutionEnvironment env,
      ModelRef model,
      VisionOptions options,
      int count,
      PictureOf pictures) {
    String probe = name;
    DataGeneratorSource<ImageEvent> source =
        new DataGeneratorSource<>(
            i -> {
              get(probe).read.incrementAndGet();
              return ImageEvent.of(EventIdentity.of("e" + i, Instant.EPOCH), pictures.of(i));
            },
            count,
            TypeInformation.of(ImageEvent.class));
    return env.fromSource(
        GatedSource.of(source, model, options), WatermarkStrategy.noWatermarks(), "images");
  }

  void collect(DataStream<String> ids) {
    ids.map(new Collecting(name)).setParallelism(1).sinkTo(new DiscardingSink<>());
  }

  private static Probe get(String name) {
    Probe probe = BY_NAME.get(name);
    if (probe == null) {
      throw new IllegalStateException("no probe '" + name + "'");
    }
    return probe;
  }

  /** The picture of an event. */
  interface PictureOf extends Serializable {
    Picture of(long index);
  }

  /** A picture that travels with its event. */
  interface WordOf extends Serializable {
    String of(long index);
  }

  private static final class Collecting extends RichMapFunction<String, String>
      implements CheckpointedFunction, CheckpointListener {
    private final String name;
    private final List<String> ids = new ArrayList<>();
    private transient ListState<String> state;

    private Collecting(String name) {
      this.name = name;
    }

    @Override
    public String map(String id) {
      ids.add(id);
      Probe probe = get(name);
      if (!probe.failed && ids.size() >= probe.failAfter && probe.checkpoints() > 0) {
        probe.failed = true;
        throw new IllegalStateException("the test fails the job");
      }
      return id;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
      state =
          context
              .getOperatorStateStore()
              .getListState(new ListStateDescriptor<>("ids", Types.STRING));
      state.get().forEach(ids::add);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
      state.update(ids);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      get(name).checkpoints.incrementAndGet();
    }

    @Override
    public void close() {
      get(name).results = List.copyOf(ids);
    }
  }
}
