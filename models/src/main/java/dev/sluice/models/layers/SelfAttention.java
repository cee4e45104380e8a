package dev.sluice.models.layers;

import dev.sluice.models.layers.Segments.Group;
import dev.sluice.models.weights.Weights;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Attention of every token of a segment to all of its segment, queries, keys and values from one
 * product. Owned by the device thread.
 *
 * <p>transformers {@code CLIPAttention} and its kin.
 */
public final class SelfAttention {
  private final long heads;
  private final long headSize;
  private final Linear queryKeyValue;
  private final Linear out;

  private SelfAttention(long heads, long headSize, Linear queryKeyValue, Linear out) {
    this.heads = heads;
    this.headSize = headSize;
    this.queryKeyValue = queryKeyValue;
    this.out = out;
  }

  /** Loads {@code q_proj}, {@code k_proj}, {@code v_proj}, {@code out_proj}, all with a bias. */
  public static SelfAttention load(Weights weights, long width, long heads) {
    Linear queryKeyValue =
        Linear.loadStacked(
            List.of(weights.under("q_proj"), weights.under("k_proj"), weights.under("v_proj")),
            width,
            Collections.nCopies(3, width));
    Linear out = Linear.load(weights.under("out_proj"), width, width);
    return new SelfAttention(heads, width / heads, queryKeyValue, out);
  }

  /** [N, E] to [N, E]. */
  public Tensor apply(Tensor x, Segments segments) {
    Tensor qkv = queryKeyValue.apply(x); // [N, 3 E]
    return out.apply(attend(qkv, segments));
  }

  private Tensor attend(Tensor qkv, Segments segments) {
    if (segments.groups().size() == 1) {
      return attend(qkv, segments.groups().get(0));
    }
    Tensor all = torch.empty_like(qkv.narrow(1, 0, heads * headSize)); // [N, E]
    for (Group group : segments.groups()) {
      Tensor rows = qkv.narrow(0, group.firstRow(), group.rows());
      all.narrow(0, group.firstRow(), group.rows()).copy_(attend(rows, group));
    }
    return all;
  }

  private Tensor attend(Tensor qkv, Group group) {
    Tensor split =
        qkv.view(group.count(), group.length(), 3, heads, headSize)
            .permute(2, 0, 3, 1, 4); // [3, B, H, T, D]
    Tensor mixed = Attention.full(split.select(0, 0), split.select(0, 1), split.select(0, 2));
    return mixed.transpose(1, 2).reshape(group.rows(), heads * headSize); // [B T, E]
  }
}
