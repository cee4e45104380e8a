package dev.sluice.models.layers;

import dev.sluice.models.layers.Segments.Group;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Attention of packed rows within their segments, without masks. Stateless. */
public final class SegmentAttention {
  private SegmentAttention() {}

  /**
   * Rows see rows of their own segment.
   *
   * @param qkv [N, 3 E], queries, then keys, then values
   * @return [N, E]
   */
  public static Tensor self(Tensor qkv, Segments segments, long heads, Attention.Pattern pattern) {
    long width = qkv.size(1) / 3;
    Tensor kv = qkv.narrow(1, width, 2 * width);
    return byGroup(
        qkv.narrow(1, 0, width),
        segments,
        (q, i) -> attend(q, seen(kv, segments.groups().get(i), heads), pattern));
  }

  /**
   * {@link #self} where query, key and value of one head stand together.
   *
   * @param qkv [B T, 3 E] of B equally long segments; query, key and value of the first head, then
   *     those of the next
   * @return [B T, E]
   */
  public static Tensor selfByHead(Tensor qkv, long segments, long heads) {
    Tensor split =
        qkv.view(segments, -1, heads, 3, qkv.size(1) / (3 * heads))
            .permute(3, 0, 2, 1, 4); // [3, B, H, T, D]
    Tensor mixed = Attention.full(split.select(0, 0), split.select(0, 1), split.select(0, 2));
    return mixed.transpose(1, 2).reshape(qkv.size(0), qkv.size(1) / 3);
  }

  /**
   * Every row sees the whole memory of its segment.
   *
   * @param q [N, E]
   * @param kv [M, 2 E], keys, then values
   * @param segments of the queries
   * @param memory of the keys; group by group as many as {@code segments} has
   * @return [N, E]
   */
  public static Tensor cross(Tensor q, Tensor kv, Segments segments, Segments memory, long heads) {
    return byGroup(
        q, segments, (queries, i) -> attend(queries, seen(kv, memory.groups().get(i), heads)));
  }

  /** Queries of one group, and the group's index, to what they attend to. */
  private interface GroupAttention {
    Tensor apply(Tensor q, int group);
  }

  private static Tensor byGroup(Tensor q, Segments segments, GroupAttention attention) {
    if (segments.groups().size() == 1) {
      return attention.apply(q, 0);
    }
    Tensor all = torch.empty_like(q); // [N, E]
    for (int i = 0; i < segments.groups().size(); i++) {
      Group group = segments.groups().get(i);
      Tensor queries = q.narrow(0, group.firstRow(), group.rows());
      all.narrow(0, group.firstRow(), group.rows()).copy_(attention.apply(queries, i));
    }
    return all;
  }

  private static Tensor seen(Tensor kv, Group group, long heads) {
    return split(kv.narrow(0, group.firstRow(), group.rows()), group.count(), heads);
  }

  /**
   * The rows of B equally long segments, each of which sees all of M keys.
   *
   * @param q [B T, E]
   * @param kv [B, M, 2, H, D]
   * @return [B T, E]
   */
  public static Tensor attend(Tensor q, Tensor kv) {
    return attend(q, kv, Attention::full);
  }

  private static Tensor attend(Tensor q, Tensor kv, Attention.Pattern pattern) {
    Tensor queries = q.view(kv.size(0), -1, kv.size(3), kv.size(4)).transpose(1, 2); // [B, H, T, D]
    Tensor byHead = kv.permute(2, 0, 3, 1, 4); // [2, B, H, M, D]
    Tensor mixed = pattern.apply(queries, byHead.select(0, 0), byHead.select(0, 1));
    return mixed.transpose(1, 2).reshape(q.size(0), q.size(1));
  }

  /** [B M, 2 E] to [B, M, 2, H, D]. */
  public static Tensor split(Tensor kv, long segments, long heads) {
    return kv.view(segments, -1, 2, heads, kv.size(1) / (2 * heads));
  }
}
