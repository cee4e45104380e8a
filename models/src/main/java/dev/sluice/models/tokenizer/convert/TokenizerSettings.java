package dev.sluice.models.tokenizer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.tokenizer.TokenizerException;
import dev.sluice.models.tokenizer.convert.TokenizerJson.Frame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a folder says about its tokenizer beside the vocabulary: {@code tokenizer_config.json},
 * {@code special_tokens_map.json}, {@code added_tokens.json} and the model type. Immutable.
 *
 * <p>As in transformers ({@code tokenization_utils_base.py}), a configuration with {@code
 * added_tokens_decoder} is complete and the two older files are not looked at.
 */
final class TokenizerSettings {
  private static final List<String> NAMED =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");
  private static final List<String> LISTED =
      List.of("additional_special_tokens", "extra_special_tokens");
  private static final int MAX_ADDED_TOKENS = 1 << 16;

  private final Path folder;
  private final JsonNode config;
  private final JsonNode specialTokens;
  private final JsonNode addedTokens;
  private final String modelType;

  private TokenizerSettings(Path folder) {
    this.folder = folder;
    this.config = TokenizerFiles.readObjectIfPresent(folder.resolve("tokenizer_config.json"));
    boolean complete = config.has("added_tokens_decoder");
    this.specialTokens =
        complete
            ? config
            : TokenizerFiles.readObjectIfPresent(folder.resolve("special_tokens_map.json"));
    this.addedTokens =
        complete
            ? config.get("added_tokens_decoder")
            : TokenizerFiles.readObjectIfPresent(folder.resolve("added_tokens.json"));
    this.modelType =
        TokenizerFiles.readObjectIfPresent(folder.resolve("config.json"))
            .path("model_type")
            .asText();
  }

  /**
   * @throws TokenizerException if a file is not a JSON object
   */
  static TokenizerSettings read(Path folder) {
    return new TokenizerSettings(folder);
  }

  Path folder() {
    return folder;
  }

  /** The tokenizer's class in transformers without {@code Fast}; empty where nothing says it. */
  String className() {
    String name = config.path("tokenizer_class").asText();
    return name.endsWith("Fast") ? name.substring(0, name.length() - "Fast".length()) : name;
  }

  /** {@code model_type} of {@code config.json}; empty where nothing says it. */
  String modelType() {
    return modelType;
  }

  boolean flag(String key, boolean fallback) {
    JsonNode value = config.path(key);
    return value.isBoolean() ? value.booleanValue() : fallback;
  }

  /** A setting as it stands in {@code tokenizer_config.json}. */
  JsonNode setting(String key) {
    return config.path(key);
  }

  /**
   * The text of a named special token such as {@code bos_token}.
   *
   * @param classDefaults what the class has where no file names one
   * @throws TokenizerException if there is none
   */
  String nameOf(String key, Map<String, String> classDefaults) {
    return named(key, classDefaults)
        .map(AddedToken::content)
        .orElseThrow(
            () -> new TokenizerException("tokenizer %s: expected a %s".formatted(folder, key)));
  }

  /**
   * The begin and end token, each where {@code add_bos_token} and {@code add_eos_token} ask for it.
   */
  Frame frame(Map<String, String> classDefaults, boolean beginByDefault) {
    return new Frame(
        flag("add_bos_token", beginByDefault) ? nameIn("bos_token", classDefaults) : List.of(),
        flag("add_eos_token", false) ? nameIn("eos_token", classDefaults) : List.of());
  }

  private List<String> nameIn(String key, Map<String, String> classDefaults) {
    return named(key, classDefaults).map(AddedToken::content).stream().toList();
  }

  /** A {@code null} in a file means that there is no such token, whatever the class has. */
  private Optional<AddedToken> named(String key, Map<String, String> classDefaults) {
    JsonNode value = specialTokens.has(key) ? specialTokens.get(key) : config.path(key);
    if (value.isMissingNode()) {
      return Optional.ofNullable(classDefaults.get(key)).map(AddedToken::special);
    }
    return value.isNull() ? Optional.empty() : Optional.of(AddedToken.of(value, true).asSpecial());
  }

  /**
   * Every token that is added, by its text: first those with ids of their own in the order of the
   * ids, then the named ones, then the listed ones.
   *
   * @param classDefaults the class's named tokens
   */
  Map<String, AddedToken> tokens(Map<String, String> classDefaults) {
    Map<String, AddedToken> special = new LinkedHashMap<>();
    for (String key : NAMED) {
      named(key, classDefaults).ifPresent(token -> special.putIfAbsent(token.content(), token));
    }
    listed().forEach(token -> special.putIfAbsent(token.content(), token));
    Map<String, AddedToken> tokens = new LinkedHashMap<>();
    for (AddedToken token : declared().values()) {
      tokens.put(token.content(), special.containsKey(token.content()) ? promoted(token) : token);
    }
    special.forEach(tokens::putIfAbsent);
    return tokens;
  }

  /** A declared token that is named or listed as special too. */
  private AddedToken promoted(AddedToken declared) {
    return isPlain() ? AddedToken.special(declared.content()) : declared.asSpecial();
  }

  /** The tokens that come with an id, by id. */
  SortedMap<Integer, AddedToken> declared() {
    if (addedTokens.size() > MAX_ADDED_TOKENS) {
      throw new TokenizerException(
          "tokenizer %s: expected at most %d added tokens, found %d"
              .formatted(folder, MAX_ADDED_TOKENS, addedTokens.size()));
    }
    SortedMap<Integer, AddedToken> declared = new TreeMap<>();
    addedTokens
        .properties()
        .forEach(
            entry -> {
              if (isPlain()) {
                declared.put(id(entry.getValue().asText()), AddedToken.ordinary(entry.getKey()));
              } else {
                declared.put(id(entry.getKey()), AddedToken.of(entry.getValue(), false));
              }
            });
    return declared;
  }

  /** Whether the declared tokens are {@code added_tokens.json}, which says no more than ids. */
  private boolean isPlain() {
    return !config.has("added_tokens_decoder");
  }

  private int id(String text) {
    try {
      int id = Integer.parseInt(text);
      if (id >= 0) {
        return id;
      }
    } catch (NumberFormatException e) {
      // Told below, as a negative number is.
    }
    throw new TokenizerException(
        "tokenizer %s: expected ids of 0 or more for added tokens, found '%.40s'"
            .formatted(folder, text));
  }

  private List<AddedToken> listed() {
    List<AddedToken> listed = new ArrayList<>();
    for (String key : LISTED) {
      JsonNode tokens = specialTokens.has(key) ? specialTokens.get(key) : config.path(key);
      tokens.forEach(token -> listed.add(AddedToken.of(token, true).asSpecial()));
    }
    return listed;
  }
}
