package dev.sluice.models.language;

import dev.sluice.models.layers.SegmentAttention;
import dev.sluice.models.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a pass attend to besides their text: each segment sees the whole memory of its
 * sequence, such as its picture's tokens. Owned by the device thread; lives in the scope that it
 * was made in.
 *
 * <p>A memory enters with its sequence's first rows. With a cache its keys and values stay there,
 * in blocks of the sequence, and later passes read them.
 */
public final class PackedMemory {
  private final Tensor rows; // [M, W]
  private final List<SegmentGroup> groups;
  private final @Nullable Store store;

  /**
   * Where keys and values stay.
   *
   * @param slots of the entering rows, int64 [M]
   * @param blocks of each group, int64 [B · n]
   */
  private record Store(KvCache cache, Tensor slots, List<Tensor> blocks) {}

  private PackedMemory(Tensor rows, List<SegmentGroup> groups, @Nullable Store store) {
    this.rows = rows;
    this.groups = List.copyOf(groups);
    this.store = store;
  }

  /**
   * For a pass that leaves nothing behind.
   *
   * @param rows the memories of all segments in order, [M, W]
   */
  public static PackedMemory uncached(Tensor rows, List<SegmentGroup> groups) {
    return new PackedMemory(rows, groups, null);
  }

  /**
   * For a pass that stores and reads keys and values.
   *
   * @param rows the memories that enter with this pass, [M, W]; none where M is 0
   * @param slots of these rows in the cache: block · block size + offset
   */
  public static PackedMemory cached(
      Tensor rows, int[] slots, List<SegmentGroup> groups, KvCache cache) {
    List<Tensor> blocks = new ArrayList<>();
    for (SegmentGroup group : groups) {
      List<Integer> all =
          group.segments().stream().flatMap(segment -> segment.memoryBlocks().stream()).toList();
      blocks.add(indices(all.stream().mapToInt(Integer::intValue).toArray(), cache));
    }
    return new PackedMemory(rows, groups, new Store(cache, indices(slots, cache), blocks));
  }

  /**
   * Stores the keys and values of a layer, then attends.
   *
   * @param q [N, H D]
   * @param keysAndValues from memory rows [M, W] to [M, 2 H D]
   * @return [N, H D]
   */
  public Tensor attend(int layer, Tensor q, UnaryOperator<Tensor> keysAndValues, HeadLayout heads) {
    Tensor kv = keysAndValues.apply(rows); // [M, 2 H D]
    if (store != null) {
      store.cache().write(layer, store.slots(), kv);
    }
    Tensor all = torch.empty_like(q);
    long firstKey = 0;
    for (int i = 0; i < groups.size(); i++) {
      SegmentGroup group = groups.get(i);
      long segments = group.segments().size();
      long keys = segments * group.memoryRows();
      Tensor seen =
          store == null
              ? SegmentAttention.split(kv.narrow(0, firstKey, keys), segments, heads.keyHeads())
              : stored(layer, i, store);
      Tensor queries = q.narrow(0, group.firstRow(), group.rows());
      all.narrow(0, group.firstRow(), group.rows()).copy_(SegmentAttention.attend(queries, seen));
      firstKey += keys;
    }
    return all;
  }

  /** The keys and values of a group's memories, [B, M, 2, H, D]. */
  private Tensor stored(int layer, int index, Store from) {
    SegmentGroup group = groups.get(index);
    return from.cache()
        .read(layer, from.blocks().get(index), group.segments().size())
        .narrow(1, 0, group.memoryRows());
  }

  private static Tensor indices(int[] values, KvCache cache) {
    return Tensors.to(Tensors.ofInts(values, values.length), cache.device(), ScalarType.Long);
  }
}
