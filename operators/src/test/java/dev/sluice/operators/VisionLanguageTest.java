package dev.sluice.operators;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.value.Prompt;
import dev.sluice.operators.VisionOptions.Chaining;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import java.time.Instant;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisionLanguageTest {
  @ParameterizedTest
  @CsvSource({"CHAINED, 1", "UNCHAINED, 3"})
  void chaining_saysHowManyTasksThereAre(Chaining chaining, int tasks) {
    VisionOptions options =
        VisionOptions.from(new Configuration().set(VisionOptions.CHAINING, chaining));
    VisionLanguage vision = VisionLanguage.with(ModelRef.of("/fake"), options);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(1);
    var images =
        env.fromSequence(1, 2)
            .map(
                number ->
                    ImageEvent.of(
                        EventIdentity.of("event-" + number, Instant.EPOCH),
                        Picture.ofBytes(new byte[1], null)))
            .returns(ImageEvent.class);
    vision
        .caption(vision.encode(vision.slice(images)), Prompt.of("describe:"))
        .sinkTo(new DiscardingSink<>());
    assertThat(env.getStreamGraph().getJobGraph().getNumberOfVertices()).isEqualTo(tasks);
  }
}
