package dev.sluice.models.language;

import dev.sluice.models.language.SegmentGroup.Segment;
import dev.sluice.models.layers.Attention;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of one pass attend: index tensors and masks, made once and used by every layer.
 * Owned by the device thread; lives in the scope that it was made in.
 *
 * <p>Rows without a past attend among themselves; others read their sequence's blocks, padded to
 * the group's longest and masked. Every layer writes its keys and values before any row reads, so a
 * sequence may start behind a prefix that the same pass computes.
 */
public final class PackedPass {
  private final Tensor positions; // int64 [N]
  private final Sight sight;
  private final List<Plan> plans;
  private final @Nullable Store store;
  private final @Nullable PackedMemory memory;

  /** What a row without a past sees of its segment. */
  private enum Sight {
    CAUSAL,
    WHOLE
  }

  /** A group with the blocks it reads, int64 [B · n], and its mask; null where it needs none. */
  private record Plan(SegmentGroup group, @Nullable Tensor blocks, @Nullable Tensor mask) {}

  /** Where keys and values stay; slots of the rows, int64 [N]. */
  private record Store(KvCache cache, Tensor slots) {}

  private PackedPass(
      Tensor positions,
      Sight sight,
      List<Plan> plans,
      @Nullable Store store,
      @Nullable PackedMemory memory) {
    this.positions = positions;
    this.sight = sight;
    this.plans = plans;
    this.store = store;
    this.memory = memory;
  }

  /** A pass over whole prompts that leaves nothing behind. */
  public static PackedPass uncached(int[] positions, List<SegmentGroup> groups, Device device) {
    return fresh(positions, groups, device, Sight.CAUSAL);
  }

  /** A pass over whole texts in which every row sees its whole segment. */
  public static PackedPass bidirectional(
      int[] positions, List<SegmentGroup> groups, Device device) {
    return fresh(positions, groups, device, Sight.WHOLE);
  }

  private static PackedPass fresh(
      int[] positions, List<SegmentGroup> groups, Device device, Sight sight) {
    List<Plan> plans = groups.stream().map(group -> new Plan(group, null, null)).toList();
    return new PackedPass(indices(positions, device), sight, plans, null, null);
  }

  /**
   * A pass that stores and reads keys and values.
   *
   * @param slots of the new rows in the cache: block · block size + offset
   */
  public static PackedPass cached(
      int[] positions, int[] slots, List<SegmentGroup> groups, KvCache cache) {
    Device device = cache.device();
    List<Plan> plans = new ArrayList<>();
    for (SegmentGroup group : groups) {
      plans.add(
          group.isFresh()
              ? new Plan(group, null, null)
              : new Plan(group, blocks(group, cache), mask(group, cache)));
    }
    Store store = new Store(cache, indices(slots, device));
    return new PackedPass(indices(positions, device), Sight.CAUSAL, plans, store, null);
  }

  /** This pass for a model whose rows attend to a memory too. */
  public PackedPass withMemory(PackedMemory seen) {
    return new PackedPass(positions, sight, plans, store, seen);
  }

  /** What the rows attend to besides their text. */
  public Optional<PackedMemory> memory() {
    return Optional.ofNullable(memory);
  }

  /** int64 [N]. */
  public Tensor positions() {
    return positions;
  }

  /** Of the prompt that each row's sequence began with, [N]. */
  public int[] promptLengths() {
    return plans.stream()
        .map(Plan::group)
        .flatMapToInt(
            group ->
                group.segments().stream()
                    .flatMapToInt(
                        segment -> IntStream.generate(segment::promptLength).limit(group.length())))
        .toArray();
  }

  /**
   * Stores the keys and values of a layer, then attends.
   *
   * @param qkv [N, (H + 2 Hkv) D], rotated; queries, then keys, then values
   * @return [N, H D]
   */
  public Tensor attend(int layer, Tensor qkv, HeadLayout heads) {
    if (store != null) {
      Tensor keysAndValues = qkv.narrow(1, heads.queryWidth(), 2L * heads.keyWidth());
      store.cache().write(layer, store.slots(), keysAndValues);
    }
    if (plans.size() == 1) {
      return attend(layer, qkv, heads, plans.get(0));
    }
    Tensor all = torch.empty_like(qkv.narrow(1, 0, heads.queryWidth())); // [N, H D]
    for (Plan plan : plans) {
      SegmentGroup group = plan.group();
      Tensor rows = qkv.narrow(0, group.firstRow(), group.rows());
      all.narrow(0, group.firstRow(), group.rows()).copy_(attend(layer, rows, heads, plan));
    }
    return all;
  }

  private Tensor attend(int layer, Tensor qkv, HeadLayout heads, Plan plan) {
    long segments = plan.group().segments().size();
    Tensor attended; // [B, H, T, D]
    if (plan.blocks() == null || store == null) {
      attended = attendFresh(qkv, heads, plan.group());
    } else {
      Tensor split =
          store
              .cache()
              .read(layer, plan.blocks(), segments)
              .narrow(1, 0, plan.group().longest())
              .permute(2, 0, 3, 1, 4); // [2, B, Hkv, L, D]
      attended = attendCached(qkv, split.select(0, 0), split.select(0, 1), heads, plan);
    }
    return attended.transpose(1, 2).reshape(plan.group().rows(), heads.queryWidth());
  }

  private Tensor attendFresh(Tensor qkv, HeadLayout heads, SegmentGroup group) {
    Tensor split =
        qkv.view(group.segments().size(), group.length(), -1, heads.headSize()).transpose(1, 2);
    long firstValue = (long) heads.queryHeads() + heads.keyHeads();
    Tensor queries = split.narrow(1, 0, heads.queryHeads());
    Tensor keys = split.narrow(1, heads.queryHeads(), heads.keyHeads());
    Tensor values = split.narrow(1, firstValue, heads.keyHeads());
    return sight == Sight.CAUSAL
        ? Attention.causal(queries, keys, values)
        : Attention.full(queries, keys, values);
  }

  private static Tensor attendCached(
      Tensor qkv, Tensor keys, Tensor values, HeadLayout heads, Plan plan) {
    long segments = plan.group().segments().size();
    long length = plan.group().length();
    Tensor queries = qkv.narrow(1, 0, heads.queryWidth());
    if (length == 1) {
      // The queries that share a key head stand in for positions: no key is copied.
      Tensor shared =
          queries.view(
              segments, heads.keyHeads(), heads.queryHeads() / heads.keyHeads(), heads.headSize());
      Tensor attended =
          plan.mask() == null
              ? Attention.full(shared, keys, values)
              : Attention.masked(shared, keys, values, plan.mask());
      return attended.reshape(segments, heads.queryHeads(), 1, heads.headSize());
    }
    Tensor split =
        queries.view(segments, length, heads.queryHeads(), heads.headSize()).transpose(1, 2);
    return plan.mask() == null
        ? Attention.full(split, keys, values)
        : Attention.masked(split, keys, values, plan.mask());
  }

  /** Blocks of every segment, padded with its own first block, which the mask hides. */
  private static Tensor blocks(SegmentGroup group, KvCache cache) {
    int most = (group.longest() + cache.blockSize() - 1) / cache.blockSize();
    int[] all = new int[group.segments().size() * most];
    int at = 0;
    for (Segment segment : group.segments()) {
      for (int i = 0; i < most; i++) {
        all[at++] = segment.blocks().get(i < segment.blocks().size() ? i : 0);
      }
    }
    return indices(all, cache.device());
  }

  /** 0 where key j ≤ past + i, else -∞: [B, 1, T, L], or [1, 1, T, L] where all are alike. */
  private static @Nullable Tensor mask(SegmentGroup group, KvCache cache) {
    int[] pasts = group.segments().stream().mapToInt(Segment::past).distinct().toArray();
    boolean alike = pasts.length == 1;
    if (alike && group.length() == 1) {
      return null;
    }
    int segments = alike ? 1 : group.segments().size();
    int[] last = new int[segments * group.length()];
    for (int i = 0; i < last.length; i++) {
      int segment = i / group.length();
      last[i] = group.segments().get(segment).past() + i % group.length();
    }
    Tensor limits = indices(last, cache.device()).view(segments, 1, group.length(), 1);
    int[] keys = new int[group.longest()];
    Arrays.setAll(keys, i -> i);
    Tensor hidden = torch.gt(indices(keys, cache.device()), limits); // [B, 1, T, L]
    Tensor zeros =
        Tensors.zeros(cache.dtype(), cache.device(), segments, 1, group.length(), group.longest());
    return zeros.masked_fill_(hidden, new Scalar(Double.NEGATIVE_INFINITY));
  }

  private static Tensor indices(int[] values, Device device) {
    return Tensors.to(Tensors.ofInts(values, values.length), device, ScalarType.Long);
  }
}
