package dev.sluice.operators.stage;

import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.Workload;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes a step's operator on the task that runs it. Immutable apart from what Flink sets. */
public final class StageOperatorFactory<IN, OUT> extends AbstractStreamOperatorFactory<OUT>
    implements OneInputStreamOperatorFactory<IN, OUT> {
  private static final long serialVersionUID = 1L;

  private final Stage<IN, OUT> stage;
  private final Workload workload;
  private final VisionOptions options;

  /** For a step of one model. */
  public StageOperatorFactory(Stage<IN, OUT> stage, ModelRef model, VisionOptions options) {
    this(stage, Workload.of(model), options);
  }

  /** For a step of several models. */
  public StageOperatorFactory(Stage<IN, OUT> stage, Workload workload, VisionOptions options) {
    this.stage = stage;
    this.workload = workload;
    this.options = options;
    setChainingStrategy(ChainingStrategy.ALWAYS);
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Flink's signature
  public <T extends StreamOperator<OUT>> T createStreamOperator(
      StreamOperatorParameters<OUT> parameters) {
    return (T) new StageOperator<>(parameters, stage, workload, options);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return StageOperator.class;
  }
}
