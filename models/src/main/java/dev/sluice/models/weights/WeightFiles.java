package dev.sluice.models.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which files of a folder hold its weights. Thread-safe: holds nothing.
 *
 * <p>Names come from an index that a stranger wrote: each must be a plain name in the folder. The
 * file itself may be a link, since the hub's cache is made of links.
 */
final class WeightFiles {
  private static final int MAX_SHARDS = 10_000;
  private static final List<String> WHOLE_OR_INDEX =
      List.of(
          "model.safetensors",
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json");

  private WeightFiles() {}

  static List<Path> of(ModelDirectory directory) {
    for (String name : WHOLE_OR_INDEX) {
      Optional<Path> file = directory.file(name);
      if (file.isPresent()) {
        return name.endsWith(".json") ? shards(directory, file.get()) : List.of(file.get());
      }
    }
    throw new WeightsException(
        "model folder %s: expected one of %s, found none"
            .formatted(directory.path(), String.join(", ", WHOLE_OR_INDEX)));
  }

  private static List<Path> shards(ModelDirectory directory, Path index) {
    String ending =
        String.valueOf(index.getFileName()).contains("safetensors") ? ".safetensors" : ".bin";
    ModelConfig map = ModelConfig.read(index).at("weight_map");
    TreeSet<String> names = new TreeSet<>();
    for (Map.Entry<String, JsonNode> entry : map.json().properties()) {
      String name = requirePlainName(map.string(entry.getKey()), map.file());
      if (!name.endsWith(ending)) {
        throw map.error(entry.getKey(), "the name of a file that ends in " + ending);
      }
      names.add(name);
    }
    if (names.isEmpty() || names.size() > MAX_SHARDS) {
      throw new WeightsException(
          "%s: 'weight_map': expected 1 to %d files, found %d"
              .formatted(map.file(), MAX_SHARDS, names.size()));
    }
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      files.add(
          directory
              .file(name)
              .orElseThrow(
                  () ->
                      new WeightsException(
                          "%s: expected the file %s beside it, found none; is the download complete?"
                              .formatted(map.file(), name))));
    }
    return List.copyOf(files);
  }

  /**
   * Returns a name that stays in its folder.
   *
   * @throws WeightsException for anything with a separator, {@code ..}, or nothing in it
   */
  static String requirePlainName(String name, String source) {
    boolean plain =
        !name.isBlank()
            && name.length() <= 255
            && name.chars().noneMatch(c -> c == '/' || c == '\\' || c < ' ' || c == ':')
            && !name.equals(".")
            && !name.equals("..");
    if (!plain) {
      String shown = name.length() > 80 ? name.substring(0, 80) + "..." : name;
      throw new WeightsException(
          "%s: expected a plain file name in the folder, found '%s'".formatted(source, shown));
    }
    return name;
  }
}
