package dev.sluice.models.tokenizer.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One turn of a conversation as Hugging Face's templates take it. Immutable.
 *
 * @param role such as {@code user}
 * @param content a text, or a list of parts with a {@code type}
 */
public record ChatMessage(String role, Object content) {
  private static final String USER = "user";

  /** A user's turn: pictures, then words. */
  public static ChatMessage user(int images, String text) {
    List<Object> parts = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      parts.add(Map.of("type", "image"));
    }
    parts.add(Map.of("type", "text", "text", text));
    return new ChatMessage(USER, List.copyOf(parts));
  }

  /** A user's turn for templates that take plain text, pictures written out in it. */
  public static ChatMessage plain(String text) {
    return new ChatMessage(USER, text);
  }

  Map<String, Object> value() {
    return Map.of("role", role, "content", content);
  }
}
