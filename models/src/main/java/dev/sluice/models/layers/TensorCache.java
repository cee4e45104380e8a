package dev.sluice.models.layers;

import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.weights.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Tensors that depend on a key alone, such as a patch grid or a list of texts, kept for the keys
 * used last. Owned by the device thread.
 *
 * <p>A stream has few shapes of slices and few questions, so what they need is computed once; the
 * bound keeps hostile ones from filling the memory.
 */
public final class TensorCache<K> {
  private static final int CAPACITY = 32;

  private final Function<K, Tensor> compute;
  private final Map<K, Tensor> tensors = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param owner closes what is cached when it closes
   * @param compute the tensor of a key, called within a scope of its own
   */
  public TensorCache(Weights owner, Function<K, Tensor> compute) {
    this.compute = compute;
    owner.onClose(this::clear);
  }

  /** The key's tensor; use it before the next call, which may close it. */
  public Tensor get(K key) {
    Tensor found = tensors.get(key);
    if (found != null) {
      return found;
    }
    if (tensors.size() == CAPACITY) {
      K oldest = tensors.keySet().iterator().next();
      close(tensors.remove(oldest));
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor computed = scope.keep(compute.apply(key));
      tensors.put(key, computed);
      return computed;
    }
  }

  private void clear() {
    tensors.values().forEach(TensorCache::close);
    tensors.clear();
  }

  private static void close(@Nullable Tensor tensor) {
    if (tensor != null) {
      tensor.close();
    }
  }
}
