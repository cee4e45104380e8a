package dev.sluice.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A model folder with random weights in the published layout. Its tokenizer knows bytes alone, so
 * that any text can be asked and any answer read. Stateless.
 */
final class RandomFolder {
  private static final int BYTES = 256;

  private RandomFolder() {}

  /**
   * @param shards what each weight file holds; one is in memory at a time
   */
  static void write(Path folder, String config, List<Consumer<RandomShard>> shards)
      throws IOException {
    Files.createDirectories(folder);
    Map<String, String> files = new TreeMap<>();
    for (int i = 0; i < shards.size(); i++) {
      RandomShard shard = new RandomShard(i);
      shards.get(i).accept(shard);
      String file =
          String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
      shard.write(folder.resolve(file)).forEach(name -> files.put(name, file));
    }
    Files.writeString(folder.resolve("model.safetensors.index.json"), index(files));
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
    Files.writeString(folder.resolve("config.json"), config);
  }

  private static String index(Map<String, String> files) {
    return files.entrySet().stream()
        .map(entry -> "\"%s\": \"%s\"".formatted(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(",\n", "{\"metadata\": {}, \"weight_map\": {\n", "}}\n"));
  }

  private static String tokenizer() {
    String bytes =
        """
        {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false,
         "use_regex": false}\
        """;
    return """
        {"version": "1.0", "added_tokens": [],
         "pre_tokenizer": %s, "decoder": %s,
         "model": {"type": "BPE", "merges": [], "vocab": {%s}}}
        """
        .formatted(
            bytes,
            bytes,
            IntStream.range(0, BYTES)
                .mapToObj(id -> "\"\\u%04x\": %d".formatted(letter(id), id))
                .collect(Collectors.joining(", ")));
  }

  /** GPT-2's letter of a byte: itself where it can be printed, else one behind all bytes. */
  private static int letter(int value) {
    return isPrinted(value)
        ? value
        : BYTES + (int) IntStream.range(0, value).filter(other -> !isPrinted(other)).count();
  }

  private static boolean isPrinted(int value) {
    return (value >= '!' && value <= '~') || (value >= 0xa1 && value != 0xad);
  }
}
