package dev.sluice.operators.poison;

import dev.sluice.models.value.Prompt;
import dev.sluice.operators.FakeDevice;
import dev.sluice.operators.FakeModel;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.PoisonOptions;
import dev.sluice.operators.Rejections;
import dev.sluice.operators.VisionLanguage;
import dev.sluice.operators.VisionOptions;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/** Captions words, of which one ends the process. Run by the main thread of a child JVM. */
final class PoisonedStream {
  private static final int GOOD = 30;
  private static final int AT = 17;

  private PoisonedStream() {}

  /** The pictures, in order. */
  static Stream<String> words() {
    return IntStream.rangeClosed(0, GOOD).mapToObj(i -> i == AT ? FakeModel.Words.POISON : "w" + i);
  }

  /**
   * @param args folder of the journals, file of the results
   */
  public static void main(String[] args) throws Exception {
    ModelRef model =
        FakeDevice.named("poisoned")
            .model(20, new Configuration().set(PoisonOptions.FOLDER, args[0]));
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(2);
    VisionLanguage vision = VisionLanguage.with(model, VisionOptions.DEFAULTS);
    var images =
        env.fromData(words().toList()).map(PoisonedStream::event).returns(ImageEvent.class);
    var sliced = vision.slice(images);
    var encoded = vision.encode(sliced);
    var captions = vision.caption(encoded, Prompt.of("describe:"));
    var results =
        captions
            .map(caption -> "caption: " + caption.text())
            .returns(Types.STRING)
            .union(
                Rejections.of(sliced, encoded, captions)
                    .map(
                        rejection ->
                            "rejection: %s at %s"
                                .formatted(rejection.category(), rejection.stage()))
                    .returns(Types.STRING));
    List<String> lines = new ArrayList<>();
    try (CloseableIterator<String> each = results.executeAndCollect()) {
      each.forEachRemaining(lines::add);
    }
    Path done = Path.of(args[1]);
    Path whole = done.resolveSibling("results.new");
    Files.write(whole, lines);
    Files.move(whole, done, StandardCopyOption.ATOMIC_MOVE);
  }

  private static ImageEvent event(String word) {
    return ImageEvent.of(
        EventIdentity.of(word, Instant.EPOCH),
        Picture.ofBytes(word.getBytes(StandardCharsets.UTF_8), "image/png"));
  }
}
