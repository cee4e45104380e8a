package dev.sluice.models.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.tokenizer.convert.TokenizerFiles;
import java.io.IOException;
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
  private final Map<String, Integer> ids;
  private final Set<Integer> special;
  private final int size;

  private final Model model;

  /**
   * How words are cut into tokens.
   *
   * @param type such as {@code BPE}
   * @param wordEnd what the last token of a word ends with; empty for none
   */
  record Model(String type, String wordEnd) {}

  private Vocabulary(Map<String, Integer> ids, Set<Integer> special, Model model) {
    this.ids = Map.copyOf(ids);
    this.model = model;
    this.special = Set.copyOf(special);
    this.size = ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
  }

  /**
   * Reads the model's vocabulary (an object, or a list of pairs for unigram models) and the added
   * tokens.
   *
   * @param file names it in messages
   * @throws TokenizerException if the content is not such a JSON object
   */
  static Vocabulary read(Path file, byte[] content) {
    Reader reader = new Reader(file);
    try (JsonParser parser = TokenizerFiles.JSON.createParser(content)) {
      reader.readFile(parser);
    } catch (IOException e) {
      throw TokenizerFiles.notJson(file.toString(), e);
    }
    return new Vocabulary(reader.ids, reader.special, new Model(reader.type, reader.wordEnd));
  }

  /** Token by token, since merges make the file many times larger than its vocabulary. */
  private static final class Reader {
    private final Path file;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Set<Integer> special = new HashSet<>();
    private String type = "";
    private String wordEnd = "";

    Reader(Path file) {
      this.file = file;
    }

    void readFile(JsonParser parser) throws IOException {
      boolean model = false;
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String key = parser.currentName();
          parser.nextToken();
          if (key.equals("model") && parser.currentToken() == JsonToken.START_OBJECT) {
            model = true;
            readModel(parser);
          } else if (key.equals("added_tokens")) {
            readAdded(TokenizerFiles.JSON.readTree(parser));
          } else {
            parser.skipChildren();
          }
        }
      }
      if (!model) {
        throw new TokenizerException(
            "tokenizer %s: expected a JSON object with a 'model'".formatted(file));
      }
    }

    private void readModel(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        switch (key) {
          case "vocab" -> readTokens(parser);
          case "type" -> type = parser.getValueAsString("");
          case "end_of_word_suffix" -> wordEnd = parser.getValueAsString("");
          default -> {}
        }
        parser.skipChildren();
      }
    }

    private void readTokens(JsonParser parser) throws IOException {
      if (parser.currentToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String token = parser.currentName();
          parser.nextToken();
          ids.put(token, id(file, TokenizerFiles.JSON.readTree(parser)));
        }
      } else if (parser.currentToken() == JsonToken.START_ARRAY) {
        for (int id = 0; parser.nextToken() != JsonToken.END_ARRAY; id++) {
          JsonNode pair = TokenizerFiles.JSON.readTree(parser);
          ids.put(pair.path(0).asText(), id);
        }
      }
    }

    private void readAdded(JsonNode tokens) {
      for (JsonNode token : tokens) {
        int id = id(file, token.path("id"));
        ids.put(token.path("content").asText(), id);
        if (token.path("special").asBoolean()) {
          special.add(id);
        }
      }
    }
  }

  private static int id(Path file, JsonNode node) {
    if (!node.canConvertToInt() || node.intValue() < 0) {
      throw new TokenizerException(
          "tokenizer %s: expected token ids of 0 or more, found %s".formatted(file, node));
    }
    return node.intValue();
  }

  Model model() {
    return model;
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
