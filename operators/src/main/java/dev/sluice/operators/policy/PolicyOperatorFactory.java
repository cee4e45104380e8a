package dev.sluice.operators.policy;

import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionOptions;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ModerationPolicy;
import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the operator that settles policies. Immutable apart from what Flink sets. */
public final class PolicyOperatorFactory extends AbstractStreamOperatorFactory<ImageEvent>
    implements OneInputStreamOperatorFactory<ImageEvent, ImageEvent> {
  private static final long serialVersionUID = 1L;

  private final PolicyFeed feed;
  private final List<ModerationPolicy> initial;
  private final ModelRef model;
  private final VisionOptions options;

  /**
   * @param initial hold before any change; the first is for events that ask for none
   * @param model must be able to work with every policy
   */
  public PolicyOperatorFactory(
      PolicyFeed feed, List<ModerationPolicy> initial, ModelRef model, VisionOptions options) {
    this.feed = feed;
    this.initial = List.copyOf(initial);
    this.model = model;
    this.options = options;
    setChainingStrategy(ChainingStrategy.ALWAYS);
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Flink's signature
  public <T extends StreamOperator<ImageEvent>> T createStreamOperator(
      StreamOperatorParameters<ImageEvent> parameters) {
    return (T) new PolicyOperator(parameters, feed, initial, model, options);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return PolicyOperator.class;
  }
}
