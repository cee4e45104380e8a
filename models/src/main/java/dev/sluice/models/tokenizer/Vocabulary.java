package dev.sluice.models.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The tokens of a {@code tokenizer.json} by their text, which the library does not tell. Immutable.
 */
final class Vocabulary {
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(64)
                      .maxNumberLength(64)
                      .maxStringLength(16 << 20)
                      .build())
              .build());

  private final Map<String, Integer> ids;
  private final Set<Integer> special;
  private final int size;

  private Vocabulary(Map<String, Integer> ids, Set<Integer> special) {
    this.ids = Map.copyOf(ids);
    this.special = Set.copyOf(special);
    this.size = ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
  }

  /**
   * Reads the model's vocabulary (an object, or a list of pairs for unigram models) and the added
   * tokens.
   *
   * @throws TokenizerException if the file is not such a JSON object
   */
  static Vocabulary read(Path file) {
    Map<String, Integer> ids = new HashMap<>();
    Set<Integer> special = new HashSet<>();
    JsonNode root = parse(file);
    JsonNode vocabulary = root.path("model").path("vocab");
    if (vocabulary.isObject()) {
      vocabulary.properties().forEach(e -> ids.put(e.getKey(), id(file, e.getValue())));
    } else {
      for (int id = 0; id < vocabulary.size(); id++) {
        ids.put(vocabulary.path(id).path(0).asText(), id);
      }
    }
    for (JsonNode added : root.path("added_tokens")) {
      int id = id(file, added.path("id"));
      ids.put(added.path("content").asText(), id);
      if (added.path("special").asBoolean()) {
        special.add(id);
      }
    }
    return new Vocabulary(ids, special);
  }

  private static JsonNode parse(Path file) {
    try {
      JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
      if (root == null || !root.path("model").isObject()) {
        throw new TokenizerException(
            "tokenizer %s: expected a JSON object with a 'model'".formatted(file));
      }
      return root;
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new TokenizerException(
          "tokenizer %s: not readable as JSON: %s".formatted(file, message), e);
    }
  }

  private static int id(Path file, JsonNode node) {
    if (!node.canConvertToInt() || node.intValue() < 0) {
      throw new TokenizerException(
          "tokenizer %s: expected token ids of 0 or more, found %s".formatted(file, node));
    }
    return node.intValue();
  }

  OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  boolean isSpecial(int id) {
    return special.contains(id);
  }

  int size() {
    return size;
  }
}
