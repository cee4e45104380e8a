package dev.sluice.models.layers;

import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.weights.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Tensors that depend on a patch grid alone, kept for the grids used last. Owned by the device
 * thread.
 *
 * <p>A stream has few shapes of slices, so the tables of a grid are computed once; the bound keeps
 * hostile shapes from filling the memory.
 */
public final class GridCache {
  private static final int CAPACITY = 32;

  private final Function<PatchGrid, Tensor> compute;
  private final Map<PatchGrid, Tensor> tensors = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param owner closes what is cached when it closes
   * @param compute the tensor of a grid, called within a scope of its own
   */
  public GridCache(Weights owner, Function<PatchGrid, Tensor> compute) {
    this.compute = compute;
    owner.onClose(this::clear);
  }

  /** The grid's tensor; use it before the next call, which may close it. */
  public Tensor get(PatchGrid grid) {
    Tensor found = tensors.get(grid);
    if (found != null) {
      return found;
    }
    if (tensors.size() == CAPACITY) {
      PatchGrid oldest = tensors.keySet().iterator().next();
      close(tensors.remove(oldest));
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor computed = scope.keep(compute.apply(grid));
      tensors.put(grid, computed);
      return computed;
    }
  }

  private void clear() {
    tensors.values().forEach(GridCache::close);
    tensors.clear();
  }

  private static void close(@Nullable Tensor tensor) {
    if (tensor != null) {
      tensor.close();
    }
  }
}
