package dev.sluice.operators;

import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.PolicyStatus;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/** The side output of {@link VisionLanguage#settle}: what became of changes of policies. */
@PublicEvolving
public final class PolicyStatuses {
  /** The side output, written by the first subtask. */
  public static final OutputTag<PolicyStatus> TAG =
      new OutputTag<>("sluice-policy-statuses", TypeInformation.of(PolicyStatus.class));

  private PolicyStatuses() {}

  /**
   * One for each record of the feed, accepted or not.
   *
   * @param settled what {@link VisionLanguage#settle} returned
   */
  public static DataStream<PolicyStatus> of(SingleOutputStreamOperator<ImageEvent> settled) {
    return settled.getSideOutput(TAG);
  }
}
