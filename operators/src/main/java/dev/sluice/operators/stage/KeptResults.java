package dev.sluice.operators.stage;

import dev.sluice.operators.reuse.ResultKey;
import dev.sluice.operators.reuse.SharedResults;
import dev.sluice.operators.reuse.SharedResults.Kept;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple5;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The kept results of one subtask in operator state: picture's hash and length, question, time,
 * result. Owned by the task thread.
 *
 * <p>Rescaling deals them out evenly, in any order: a process that shares its results among its
 * subtasks finds them wherever they went, another works such a picture once more.
 */
final class KeptResults<OUT> {
  private static final String STATE_NAME = "results";
  private static final int INITIAL_BYTES = 1024;

  private final ListState<Tuple5<String, Long, String, Long, OUT>> state;

  private final TypeSerializer<OUT> serializer;

  private KeptResults(
      ListState<Tuple5<String, Long, String, Long, OUT>> state, TypeSerializer<OUT> serializer) {
    this.state = state;
    this.serializer = serializer;
  }

  static <OUT> KeptResults<OUT> in(
      OperatorStateStore store, TypeInformation<OUT> type, SerializerConfig config)
      throws Exception {
    TypeInformation<Tuple5<String, Long, String, Long, OUT>> entries =
        new TupleTypeInfo<>(Types.STRING, Types.LONG, Types.STRING, Types.LONG, type);
    return new KeptResults<>(
        store.getListState(new ListStateDescriptor<>(STATE_NAME, entries.createSerializer(config))),
        type.createSerializer(config));
  }

  /** Bytes of a result as it is written; called on any thread. */
  long sizeOf(OUT result) {
    DataOutputSerializer out = new DataOutputSerializer(INITIAL_BYTES);
    try {
      serializer.duplicate().serialize(result, out);
    } catch (IOException e) {
      throw new UncheckedIOException("result: cannot be written (" + e.getMessage() + ")", e);
    }
    return out.length();
  }

  void restoreInto(SharedResults<OUT> results, int subtask) throws Exception {
    for (Tuple5<String, Long, String, Long, OUT> entry : state.get()) {
      results.restore(
          new Kept<>(new ResultKey(entry.f0, entry.f1, entry.f2), entry.f4, entry.f3), subtask);
    }
  }

  void update(List<Kept<OUT>> kept) throws Exception {
    List<Tuple5<String, Long, String, Long, OUT>> entries = new ArrayList<>(kept.size());
    for (Kept<OUT> each : kept) {
      ResultKey key = each.key();
      entries.add(
          Tuple5.of(
              key.pictureSha256(),
              key.pictureBytes(),
              key.question(),
              each.computedMillis(),
              each.value()));
    }
    state.update(entries);
  }
}
