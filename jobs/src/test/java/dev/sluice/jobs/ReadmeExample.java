package dev.sluice.jobs;

import dev.sluice.models.value.Prompt;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.Rejections;
import dev.sluice.operators.VisionLanguage;
import dev.sluice.operators.source.GatedSource;
import dev.sluice.serde.Caption;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Verdict;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The README's example, compiled; {@link ReadmeTest} holds the two together. */
record ReadmeExample(
    KafkaSource<ImageEvent> kafkaImages,
    WatermarkStrategy<ImageEvent> watermarks,
    ModerationPolicy policy,
    Sink<Caption> captionSink,
    Sink<Verdict> verdictSink,
    Sink<Rejection> deadLetterSink) {

  void define(StreamExecutionEnvironment env) {
    ModelRef model = ModelRef.of("/models/scenes");
    VisionLanguage vision = VisionLanguage.with(model);

    var images = env.fromSource(GatedSource.of(kafkaImages, model), watermarks, "images");
    var sliced = vision.slice(images);
    var encoded = vision.encode(sliced);
    var captions = vision.caption(encoded, Prompt.of("describe:"));
    var verdicts = vision.judge(encoded, policy);

    captions.sinkTo(captionSink);
    verdicts.sinkTo(verdictSink);
    Rejections.of(sliced, encoded, captions, verdicts).sinkTo(deadLetterSink);
  }
}
