package dev.sluice.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A golden folder of a Hugging Face family: {@code ckpt/}, {@code expected.json}, {@code
 * expected.safetensors}, and pictures in {@code images/} or, in the project's fixtures, shared.
 *
 * @param expected what {@code expected.json} holds
 */
public record HfGolden(Path folder, JsonNode expected) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The folders whose {@code expected.json} names one of these families. */
  public static List<HfGolden> ofFamilies(String... families) throws IOException {
    List<HfGolden> found = new ArrayList<>();
    for (Path folder : GoldenFolders.all()) {
      Path file = folder.resolve("expected.json");
      if (Files.exists(file) && Files.isDirectory(folder.resolve("ckpt"))) {
        JsonNode expected = JSON.readTree(file.toFile());
        if (List.of(families).contains(expected.path("family").asText())) {
          found.add(new HfGolden(folder, expected));
        }
      }
    }
    return found;
  }

  /** The model folder. */
  public Path model() {
    return folder.resolve("ckpt");
  }

  /** The bytes of a picture by its file name. */
  public byte[] picture(String name) throws IOException {
    Path own = folder.resolve("images").resolve(name);
    return Files.readAllBytes(
        Files.exists(own) ? own : folder.resolveSibling("pictures").resolve(name));
  }

  public GoldenTensors tensors() {
    return new GoldenTensors(folder);
  }

  @Override
  public String toString() {
    return String.valueOf(folder.getFileName());
  }
}
