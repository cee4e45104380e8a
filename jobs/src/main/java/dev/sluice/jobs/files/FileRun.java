package dev.sluice.jobs.files;

import dev.sluice.jobs.local.LocalFlink;
import dev.sluice.jobs.local.TemporaryFolder;
import dev.sluice.models.value.Prompt;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.Rejections;
import dev.sluice.operators.VisionLanguage;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.source.GatedSource;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.SlicedImage;
import dev.sluice.serde.flink.RecordTypes;
import dev.sluice.serde.json.JsonRecords;
import dev.sluice.serde.json.RecordFormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/**
 * Pictures in files through the operators of the jobs, in a Flink of its own in this process. Used
 * by one thread.
 */
public final class FileRun {
  private static final String RESULT = "result";
  private static final String REJECTION = "rejection";

  private final ModelRef model;
  private final VisionOptions options;

  public FileRun(ModelRef model, VisionOptions options) {
    this.model = model;
    this.options = options;
  }

  /**
   * Writes captions of the files to {@code sink}, as JSON lines in the order of the files.
   *
   * @param prompt empty for what the model is usually asked
   */
  public void caption(List<Path> files, Optional<Prompt> prompt, Sink sink) throws Exception {
    run(
        files,
        (vision, encoded) -> {
          var captions =
              prompt
                  .map(own -> vision.caption(encoded, own))
                  .orElseGet(() -> vision.caption(encoded));
          return new Ends(lines(captions.map(JsonRecords::toLine, Types.STRING), RESULT), captions);
        },
        sink);
  }

  /** Writes verdicts about the files to {@code sink}, as JSON lines in the order of the files. */
  public void judge(List<Path> files, ModerationPolicy policy, Sink sink) throws Exception {
    run(
        files,
        (vision, encoded) -> {
          var verdicts = vision.judge(encoded, policy);
          return new Ends(lines(verdicts.map(JsonRecords::toLine, Types.STRING), RESULT), verdicts);
        },
        sink);
  }

  private void run(
      List<Path> files, BiFunction<VisionLanguage, DataStream<EncodedImage>, Ends> last, Sink sink)
      throws Exception {
    if (files.isEmpty()) {
      return;
    }
    try (TemporaryFolder folder = TemporaryFolder.create("sluice-files-")) {
      Configuration configuration = LocalFlink.configuration(folder.path(), 0);
      run(StreamExecutionEnvironment.createLocalEnvironment(1, configuration), files, last, sink);
    }
  }

  private void run(
      StreamExecutionEnvironment env,
      List<Path> files,
      BiFunction<VisionLanguage, DataStream<EncodedImage>, Ends> last,
      Sink sink)
      throws Exception {
    VisionLanguage vision = VisionLanguage.with(model, options);
    SingleOutputStreamOperator<SlicedImage> sliced = vision.slice(images(env, files));
    SingleOutputStreamOperator<EncodedImage> encoded = vision.encode(sliced);
    Ends ends = last.apply(vision, encoded);
    DataStream<Tuple2<String, String>> rejections =
        lines(
            Rejections.of(sliced, encoded, ends.step()).map(JsonRecords::toLine, Types.STRING),
            REJECTION);
    try (CloseableIterator<Tuple2<String, String>> lines =
        ends.lines().union(rejections).executeAndCollect("sluice files")) {
      while (lines.hasNext()) {
        deliver(lines.next(), sink);
      }
    }
  }

  private DataStream<ImageEvent> images(StreamExecutionEnvironment env, List<Path> files) {
    DataGeneratorSource<ImageEvent> source =
        new DataGeneratorSource<>(
            new FileEvents(files, model.options().imageLimits().maxBytes()),
            files.size(),
            RecordTypes.IMAGE_EVENT);
    return env.fromSource(
        GatedSource.of(source, model, options), WatermarkStrategy.noWatermarks(), "files");
  }

  private static DataStream<Tuple2<String, String>> lines(DataStream<String> json, String kind) {
    return json.map(line -> Tuple2.of(kind, line), Types.TUPLE(Types.STRING, Types.STRING));
  }

  private static void deliver(Tuple2<String, String> line, Sink sink) throws RecordFormatException {
    if (line.f0.equals(RESULT)) {
      sink.result(line.f1);
    } else {
      sink.rejection(JsonRecords.rejection(line.f1.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** The last step, and its results as lines. */
  private record Ends(
      DataStream<Tuple2<String, String>> lines, SingleOutputStreamOperator<?> step) {}

  /** Takes what comes out, one call at a time. */
  public interface Sink {
    /**
     * @param json one line
     */
    void result(String json);

    void rejection(Rejection rejection);
  }
}
