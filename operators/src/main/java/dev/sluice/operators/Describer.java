package dev.sluice.operators;

import dev.sluice.operators.describe.DescribeStage;
import dev.sluice.operators.stage.StageOperatorFactory;
import dev.sluice.serde.Description;
import dev.sluice.serde.ImageEvent;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Several models that describe pictures on several levels, as one operator of a Flink job.
 * Immutable.
 *
 * <pre>{@code
 * Describer describer = Describer.with(describeOptions, visionOptions);
 * var images = env.fromSource(GatedSource.of(kafka, describer.workload(), visionOptions), ...);
 * var descriptions = describer.describe(images);
 * descriptions.sinkTo(descriptionSink);
 * Rejections.of(descriptions).sinkTo(deadLetterSink);
 * }</pre>
 */
@PublicEvolving
public final class Describer {
  private final DescribeOptions describing;
  private final VisionOptions options;

  private Describer(DescribeOptions describing, VisionOptions options) {
    this.describing = describing;
    this.options = options;
  }

  public static Describer with(DescribeOptions describing, VisionOptions options) {
    return new Describer(describing, options);
  }

  /** What a gated source must have room for before it reads a picture. */
  public Workload workload() {
    return describing.workload();
  }

  /** Describes pictures on every level that has a model. */
  public SingleOutputStreamOperator<Description> describe(DataStream<ImageEvent> images) {
    return images
        .transform(
            "describe",
            TypeInformation.of(Description.class),
            new StageOperatorFactory<>(
                new DescribeStage(describing, options.text()), workload(), options))
        .uid("sluice-describe");
  }
}
