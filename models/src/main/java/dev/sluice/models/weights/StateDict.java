package dev.sluice.models.weights;

import dev.sluice.models.weights.TensorPickle.Storage;
import dev.sluice.models.weights.TensorPickle.View;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code torch.save} wrote: a dictionary of tensors, or one inside what training scripts wrap
 * it in. Immutable.
 *
 * @param root the unpickled object
 * @param storages where the numbers are
 */
record StateDict(Object root, Storages storages) {

  private static final long MAX_EXPANDED_BYTES = 16L << 20;
  private static final List<String> NESTED = List.of("state_dict", "model", "module");

  /** Where the numbers of a storage are. */
  interface Storages {
    Optional<ZipIndex.Entry> find(Storage storage);
  }

  /** The tensors by name, each checked against its storage. */
  Map<String, StoredTensor> tensors(String file) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    dictionary(file)
        .forEach(
            (name, value) -> {
              if (value instanceof View view) {
                tensors.put(name, stored(file, name, view));
              }
            });
    return tensors;
  }

  /** The root, or what training scripts wrap it in. */
  private Map<String, Object> dictionary(String file) {
    Map<String, Object> map = asDictionary(root);
    if (map.values().stream().noneMatch(View.class::isInstance)) {
      for (String name : NESTED) {
        Map<String, Object> inner = asDictionary(map.get(name));
        if (inner.values().stream().anyMatch(View.class::isInstance)) {
          return inner;
        }
      }
      if (!(root instanceof Map)) {
        throw new WeightsException(file + ": expected a dictionary of tensors");
      }
    }
    return map;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asDictionary(@Nullable Object o) {
    return o instanceof Map<?, ?> ? (Map<String, Object>) o : Map.of();
  }

  private StoredTensor stored(String file, String name, View view) {
    ZipIndex.Entry entry =
        storages
            .find(view.storage())
            .orElseThrow(
                () ->
                    new WeightsException(
                        "tensor '%s' in %s: its storage '%s' is not in the file"
                            .formatted(name, file, view.storage().key())));
    StoredDtype dtype = view.storage().dtype();
    long[] shape = view.shape().stream().mapToLong(Long::longValue).toArray();
    long[] strides = view.strides().stream().mapToLong(Long::longValue).toArray();
    boolean negative = Arrays.stream(strides).anyMatch(stride -> stride < 0);
    try {
      long first = Math.multiplyExact(view.offset(), dtype.bytes());
      StoredTensor tensor =
          new StoredTensor(name, dtype, shape, strides, Math.addExact(entry.offset(), first));
      long end = Math.addExact(first, tensor.spanBytes());
      long bytes = Math.multiplyExact(tensor.elements(), dtype.bytes());
      if (!negative && end <= entry.size() && bytes <= Math.max(entry.size(), MAX_EXPANDED_BYTES)) {
        return tensor;
      }
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new WeightsException(
          "tensor '%s' in %s: its shape %s is not one"
              .formatted(name, file, Arrays.toString(shape)),
          e);
    }
    throw new WeightsException(
        "tensor '%s' in %s: expected shape %s with strides %s from element %d within the %d"
                .formatted(
                    name, file, Arrays.toString(shape), view.strides(), view.offset(), entry.size())
            + " bytes of its storage");
  }
}
