package dev.sluice.models.families.parts;

import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.TraceTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/**
 * Copies stages out of the engine and names them as the golden fixtures do. Owned by its caller.
 */
public final class TraceRecorder {
  private final Map<String, TreeMap<Integer, TraceTensor.Floats>> tiles = new LinkedHashMap<>();
  private final Map<String, TraceTensor> others = new LinkedHashMap<>();

  /** A tile's tensor of a stage; tiles may come in any order. */
  public void tile(String stage, int tile, Tensor tensor) {
    tiles.computeIfAbsent(stage, unused -> new TreeMap<>()).put(tile, copy(tensor));
  }

  /** A stage that is not cut into tiles. */
  public void tensor(String stage, Tensor tensor) {
    others.put(stage, copy(tensor));
  }

  private static TraceTensor.Floats copy(Tensor tensor) {
    List<Long> shape = Arrays.stream(tensor.shape()).boxed().toList();
    return new TraceTensor.Floats(shape, Tensors.toFloats(tensor));
  }

  public void ids(String stage, List<Integer> ids) {
    long[] values = ids.stream().mapToLong(Integer::longValue).toArray();
    others.put(stage, new TraceTensor.Longs(List.of((long) values.length), values));
  }

  public void floats(String stage, float[] values) {
    others.put(stage, new TraceTensor.Floats(List.of((long) values.length), values));
  }

  /** All stages: tiles stacked, or numbered where their shapes differ. */
  public Map<String, TraceTensor> tensors() {
    Map<String, TraceTensor> tensors = new LinkedHashMap<>();
    tiles.forEach(
        (stage, byTile) -> {
          List<TraceTensor.Floats> all = List.copyOf(byTile.values());
          if (all.stream().map(TraceTensor.Floats::shape).distinct().count() == 1) {
            tensors.put(stage, stacked(all));
          } else {
            byTile.forEach((tile, tensor) -> tensors.put(stage + "." + tile, tensor));
          }
        });
    tensors.putAll(others);
    return tensors;
  }

  private static TraceTensor stacked(List<TraceTensor.Floats> tiles) {
    int size = tiles.get(0).values().length;
    float[] values = new float[size * tiles.size()];
    for (int i = 0; i < tiles.size(); i++) {
      System.arraycopy(tiles.get(i).values(), 0, values, i * size, size);
    }
    List<Long> shape = new ArrayList<>(tiles.get(0).shape());
    shape.add(0, (long) tiles.size());
    return new TraceTensor.Floats(shape, values);
  }
}
