package dev.sluice.operators;

import dev.sluice.serde.Rejection;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/** The side output of the three steps: pictures that could not be processed, and why. */
@PublicEvolving
public final class Rejections {
  /** The side output that every step writes its rejections to. */
  public static final OutputTag<Rejection> TAG =
      new OutputTag<>("sluice-rejections", TypeInformation.of(Rejection.class));

  private Rejections() {}

  /** All rejections of these steps in one stream. */
  public static DataStream<Rejection> of(
      SingleOutputStreamOperator<?> first, SingleOutputStreamOperator<?>... others) {
    DataStream<Rejection> all = first.getSideOutput(TAG);
    for (SingleOutputStreamOperator<?> other : others) {
      all = all.union(other.getSideOutput(TAG));
    }
    return all;
  }
}
