package dev.sluice.models.tokenizer.template;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.tokenizer.TokenizerException;
import dev.sluice.models.tokenizer.convert.TokenizerFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A folder's chat template: a conversation to the text of a prompt, as {@code apply_chat_template}
 * of transformers 5.18 writes it. Immutable.
 */
public final class ChatTemplate {
  /** Twenty times a long published template. */
  private static final int MAX_CHARACTERS = 1 << 18;

  private static final String KEY = "chat_template";
  private static final List<String> SPECIAL_TOKENS =
      List.of("bos_token", "eos_token", "unk_token", "pad_token");
  private static final Pattern PART_TYPE = Pattern.compile("['\"]type['\"]|\\.type\\b");

  private final String source;
  private final Statement program;
  private final Map<String, String> specialTokens;

  private ChatTemplate(String source, Map<String, String> specialTokens) {
    if (source.length() > MAX_CHARACTERS) {
      throw new TokenizerException(
          "chat template: expected at most %d characters, found %d"
              .formatted(MAX_CHARACTERS, source.length()));
    }
    this.source = source;
    this.program = TemplateParser.parse(source);
    this.specialTokens = Map.copyOf(specialTokens);
  }

  /**
   * @param specialTokens texts of tokens by names such as {@code bos_token}
   * @throws TokenizerException if the template is too long, or uses what is not known here
   */
  public static ChatTemplate of(String source, Map<String, String> specialTokens) {
    return new ChatTemplate(source, specialTokens);
  }

  /**
   * The template of {@code chat_template.jinja}, else of {@code chat_template.json}, else of {@code
   * tokenizer_config.json}; of several, the one called default. Empty where there is none.
   *
   * @throws TokenizerException if it is not readable, too long, or uses what is not known here
   */
  public static Optional<ChatTemplate> find(Path folder) {
    JsonNode config = TokenizerFiles.readObjectIfPresent(folder.resolve("tokenizer_config.json"));
    return TokenizerFiles.find(folder, "chat_template.jinja")
        .map(TokenizerFiles::readText)
        .or(() -> fromJson(folder.resolve("chat_template.json")))
        .or(() -> sourceIn(config))
        .map(source -> new ChatTemplate(source, specialTokens(folder, config)));
  }

  private static Optional<String> fromJson(Path file) {
    return sourceIn(TokenizerFiles.readObjectIfPresent(file));
  }

  private static Optional<String> sourceIn(JsonNode object) {
    JsonNode template = object.path(KEY);
    for (JsonNode named : template) {
      if (named.path("name").asText().equals("default")) {
        template = named.path("template");
      }
    }
    JsonNode source = template.isObject() ? template.path("default") : template;
    return source.isTextual() ? Optional.of(source.textValue()) : Optional.empty();
  }

  private static Map<String, String> specialTokens(Path folder, JsonNode config) {
    JsonNode map = TokenizerFiles.readObjectIfPresent(folder.resolve("special_tokens_map.json"));
    Map<String, String> tokens = new LinkedHashMap<>();
    for (String name : SPECIAL_TOKENS) {
      JsonNode value = config.has(name) ? config.get(name) : map.path(name);
      JsonNode text = value.isObject() ? value.path("content") : value;
      if (text.isTextual()) {
        tokens.put(name, text.textValue());
      }
    }
    return tokens;
  }

  /**
   * Whether a message's content is to be a list of parts; otherwise it is a text with the picture's
   * place written out.
   */
  public boolean takesParts() {
    return PART_TYPE.matcher(source).find();
  }

  /**
   * The prompt of a conversation, up to where the model's answer begins.
   *
   * @throws TokenizerException if the template refuses the conversation, or does more than it may
   */
  public String render(List<ChatMessage> messages) {
    Map<String, Object> names = new LinkedHashMap<>(specialTokens);
    names.put(
        "messages", new ArrayList<Object>(messages.stream().map(ChatMessage::value).toList()));
    names.put("add_generation_prompt", true);
    names.put("tools", Absent.NONE);
    names.put("documents", Absent.NONE);
    Scope scope = Scope.of(names);
    program.run(scope);
    return scope.written();
  }
}
