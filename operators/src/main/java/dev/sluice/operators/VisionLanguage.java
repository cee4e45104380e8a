package dev.sluice.operators;

import dev.sluice.models.value.Prompt;
import dev.sluice.operators.VisionOptions.Chaining;
import dev.sluice.operators.decode.CaptionStage;
import dev.sluice.operators.decode.JudgeStage;
import dev.sluice.operators.decode.ShadowStage;
import dev.sluice.operators.encode.EncodeStage;
import dev.sluice.operators.policy.PolicyFeed;
import dev.sluice.operators.policy.PolicyOperatorFactory;
import dev.sluice.operators.slice.SliceStage;
import dev.sluice.operators.stage.Stage;
import dev.sluice.operators.stage.StageOperatorFactory;
import dev.sluice.serde.Caption;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.SlicedImage;
import dev.sluice.serde.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.Collector;

/**
 * The three steps of a vision-language model as operators of a Flink job. Immutable.
 *
 * <p>The steps run chained in one task unless you say otherwise ({@link VisionOptions#CHAINING},
 * {@code setParallelism}); all of a process share the model and its device. Names and uids are
 * stable; call {@code uid(..)} on a step to choose your own, as you must where one job has the same
 * step twice.
 *
 * <pre>{@code
 * ModelRef model = ModelRef.of("/models/scenes");
 * VisionLanguage vision = VisionLanguage.with(model);
 * var images = env.fromSource(GatedSource.of(kafka, model), watermarks, "images");
 * var sliced = vision.slice(images);
 * var encoded = vision.encode(sliced);
 * var captions = vision.caption(encoded, Prompt.of("describe:"));
 * captions.sinkTo(captionSink);
 * Rejections.of(sliced, encoded, captions).sinkTo(deadLetterSink);
 * }</pre>
 */
@PublicEvolving
public final class VisionLanguage {
  private final ModelRef model;
  private final VisionOptions options;

  private VisionLanguage(ModelRef model, VisionOptions options) {
    this.model = model;
    this.options = options;
  }

  /** With the documented options. */
  public static VisionLanguage with(ModelRef model) {
    return with(model, VisionOptions.DEFAULTS);
  }

  public static VisionLanguage with(ModelRef model, VisionOptions options) {
    return new VisionLanguage(model, options);
  }

  /** Reads pictures and cuts them as the model wants them. */
  public SingleOutputStreamOperator<SlicedImage> slice(DataStream<ImageEvent> images) {
    return step(images, "slice", TypeInformation.of(SlicedImage.class), new SliceStage());
  }

  /** Turns slices into visual tokens, on the device. */
  public SingleOutputStreamOperator<EncodedImage> encode(DataStream<SlicedImage> images) {
    return later(images, "encode", TypeInformation.of(EncodedImage.class), new EncodeStage());
  }

  /** Describes pictures as the model is usually asked to; an event's own prompt goes before. */
  public SingleOutputStreamOperator<Caption> caption(DataStream<EncodedImage> images) {
    return later(
        images,
        "caption",
        TypeInformation.of(Caption.class),
        new CaptionStage(null, options.text()));
  }

  /** Describes pictures; an event's own prompt goes before this one. */
  public SingleOutputStreamOperator<Caption> caption(
      DataStream<EncodedImage> images, Prompt prompt) {
    return later(
        images,
        "caption",
        TypeInformation.of(Caption.class),
        new CaptionStage(prompt, options.text()));
  }

  /**
   * Judges pictures by a policy.
   *
   * @param others for events that ask for one of them by its id
   */
  public SingleOutputStreamOperator<Verdict> judge(
      DataStream<EncodedImage> images, ModerationPolicy policy, ModerationPolicy... others) {
    return later(
        images, "judge", TypeInformation.of(Verdict.class), new JudgeStage(all(policy, others)));
  }

  /**
   * Settles which policies each picture is judged by, by its event time, before anything is done
   * with it; changes come from a feed while the job runs. Goes before {@link #slice}.
   *
   * @param policy holds until the feed says otherwise, for events that ask for none
   * @param others for events that ask for one of them by its id
   */
  public SingleOutputStreamOperator<ImageEvent> settle(
      DataStream<ImageEvent> images,
      PolicyFeed feed,
      ModerationPolicy policy,
      ModerationPolicy... others) {
    return images
        .transform(
            "policy",
            TypeInformation.of(ImageEvent.class),
            new PolicyOperatorFactory(feed, all(policy, others), model, options))
        .uid("sluice-policy");
  }

  /**
   * Judges pictures by the policies in the shadow of those that decide; pictures without one are
   * left out. What fails here is in no rejections: the picture's own result says what happened.
   */
  public SingleOutputStreamOperator<Verdict> shadow(DataStream<EncodedImage> images) {
    return later(images, "shadow", ShadowStage.type(), new ShadowStage())
        .flatMap((List<Verdict> verdicts, Collector<Verdict> out) -> verdicts.forEach(out::collect))
        .returns(Verdict.class)
        .name("shadow-each")
        .uid("sluice-shadow-each");
  }

  private static List<ModerationPolicy> all(ModerationPolicy first, ModerationPolicy... others) {
    return Stream.concat(Stream.of(first), Arrays.stream(others)).toList();
  }

  /** A step after the first; apart from it if so wished. */
  private <IN, OUT> SingleOutputStreamOperator<OUT> later(
      DataStream<IN> input, String name, TypeInformation<OUT> type, Stage<IN, OUT> stage) {
    // Flink aligns checkpoints on forward edges, where a full step would hold them up.
    return options.chaining() == Chaining.UNCHAINED
        ? step(input.rebalance(), name, type, stage).startNewChain()
        : step(input, name, type, stage);
  }

  private <IN, OUT> SingleOutputStreamOperator<OUT> step(
      DataStream<IN> input, String name, TypeInformation<OUT> type, Stage<IN, OUT> stage) {
    return input
        .transform(name, type, new StageOperatorFactory<>(stage, model, options))
        .uid("sluice-" + name);
  }
}
