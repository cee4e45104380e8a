package dev.sluice.models.weights;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The tensors of several files by the name they are asked for. Immutable. */
final class TensorIndex {
  private static final int MAX_CANDIDATES = 20_000;

  private final Map<String, Located> tensors;

  private TensorIndex(Map<String, Located> tensors) {
    this.tensors = tensors;
  }

  /**
   * A tensor and its file.
   *
   * @param file where it is
   * @param tensor where in it
   */
  record Located(WeightFile file, StoredTensor tensor) {}

  /**
   * @throws WeightsException if two files hold a tensor of the same name
   */
  static TensorIndex of(List<? extends WeightFile> files) {
    Map<String, Located> tensors = new HashMap<>();
    for (WeightFile file : files) {
      file.tensors().forEach((name, tensor) -> put(tensors, name, new Located(file, tensor)));
    }
    return new TensorIndex(tensors);
  }

  /**
   * Parts of one model, under the names that it asks for; a later part takes the place of an
   * earlier one.
   *
   * @param files of the parts, in the same order
   */
  static TensorIndex ofParts(List<? extends WeightFile> files, List<WeightPart> parts) {
    Map<String, Located> tensors = new HashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      WeightFile file = files.get(i);
      WeightPart part = parts.get(i);
      file.tensors()
          .forEach(
              (name, tensor) ->
                  part.names()
                      .apply(name)
                      .ifPresent(asked -> tensors.put(asked, new Located(file, tensor))));
    }
    return new TensorIndex(tensors);
  }

  private static void put(Map<String, Located> tensors, String name, Located located) {
    Located before = tensors.putIfAbsent(name, located);
    if (before != null) {
      throw new WeightsException(
          "tensor '%s': expected once, found as '%s' in %s and as '%s' in %s"
              .formatted(
                  name,
                  before.tensor().name(),
                  before.file().path().getFileName(),
                  located.tensor().name(),
                  located.file().path().getFileName()));
    }
  }

  /** The same tensors under other names. */
  TensorIndex renamed(UnaryOperator<String> storedToAsked) {
    Map<String, Located> renamed = new HashMap<>();
    tensors.forEach((name, located) -> put(renamed, storedToAsked.apply(name), located));
    return new TensorIndex(renamed);
  }

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  Collection<String> names() {
    return tensors.keySet();
  }

  /**
   * @throws WeightsException that names the nearest tensor there is
   */
  Located require(String name) {
    Located located = tensors.get(name);
    if (located == null) {
      String nearest = nearest(name);
      throw new WeightsException(
          "tensor '%s': not in %s; %s"
              .formatted(
                  name,
                  fileNames(),
                  nearest.isEmpty() ? "there are no tensors" : "the nearest is '" + nearest + "'"));
    }
    return located;
  }

  private String fileNames() {
    List<String> names =
        tensors.values().stream()
            .map(located -> String.valueOf(located.file().path().getFileName()))
            .distinct()
            .sorted()
            .toList();
    return names.size() <= 3
        ? String.join(", ", names)
        : names.get(0) + " to " + names.get(names.size() - 1);
  }

  /** The present name with the fewest edits to the wanted one; empty if there is none. */
  private String nearest(String wanted) {
    String best = "";
    int fewest = Integer.MAX_VALUE;
    List<String> candidates = new ArrayList<>(tensors.keySet());
    candidates.sort(null);
    for (String candidate : candidates.subList(0, Math.min(MAX_CANDIDATES, candidates.size()))) {
      int edits = edits(wanted, candidate, fewest);
      if (edits < fewest) {
        fewest = edits;
        best = candidate;
      }
    }
    return best;
  }

  /** Levenshtein distance, given up at {@code limit}. */
  private static int edits(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      int least = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
        least = Math.min(least, row[j]);
      }
      if (least >= limit) {
        return limit;
      }
    }
    return row[b.length()];
  }
}
