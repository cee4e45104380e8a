package dev.sluice.models.tokenizer.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.models.tokenizer.TokenizerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what transformers renders; {@code tokenizers/chat/make_expected.py} says how. */
class ChatTemplateTest {
  private static final Map<String, String> TOKENS = Map.of("bos_token", "<s>", "eos_token", "</s>");
  private static final JsonNode EXPECTED = expected();

  @TempDir Path folder;

  private static JsonNode expected() {
    try (var in = ChatTemplateTest.class.getResourceAsStream("/tokenizers/chat/expected.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void render_goldenFolders_equalsTheRecordedPrompts() {
    for (JsonNode row : EXPECTED.get("goldens")) {
      String template = EXPECTED.get("templates").get(row.get("family").asText()).asText();
      ChatMessage message = ChatMessage.user(1, row.get("question").asText());

      assertThat(render(template, message)).isEqualTo(row.get("prompt").asText());
    }
  }

  @Test
  void render_parts_equalsTransformers() {
    for (JsonNode row : EXPECTED.get("parts")) {
      String name = row.get("template").asText();
      String template = EXPECTED.get("templates").get(name).asText();
      ChatMessage message = ChatMessage.user(row.get("images").asInt(), row.get("text").asText());

      assertThat(render(template, message)).as(name).isEqualTo(row.get("prompt").asText());
      assertThat(ChatTemplate.of(template, TOKENS).takesParts()).isTrue();
    }
  }

  @Test
  void render_plainText_equalsTransformers() {
    for (JsonNode row : EXPECTED.get("plain")) {
      String template = row.get("template").asText();
      ChatMessage message = ChatMessage.plain(row.get("text").asText());

      assertThat(render(template, message)).isEqualTo(row.get("prompt").asText());
      assertThat(ChatTemplate.of(template, TOKENS).takesParts()).isFalse();
    }
  }

  @Test
  void render_everyFeature_equalsTransformers() {
    for (JsonNode row : EXPECTED.get("features")) {
      assertThat(render(row.get("template").asText(), ChatMessage.user(1, "q")))
          .as(row.get("name").asText())
          .isEqualTo(row.get("prompt").asText());
    }
  }

  @Test
  void render_whatIsNotKnown_isRefusedWithTheLine() {
    for (JsonNode row : EXPECTED.get("refused")) {
      String template = row.get("template").asText();

      assertThatThrownBy(() -> render(template, ChatMessage.user(1, "q")))
          .as(template)
          .isInstanceOf(TokenizerException.class)
          .hasMessageStartingWith("chat template, line ")
          .hasMessageContaining(row.get("says").asText());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(4096) %}{% for b in range(4096) %}{% endfor %}{% endfor %}",
        "{% set n = namespace(t='aaaaaaaaaaaaaaaa') %}"
            + "{% for i in range(40) %}{% set n.t = n.t ~ n.t %}{% endfor %}",
        "{% set n = namespace(t=[1]) %}"
            + "{% for i in range(40) %}{% set n.t = n.t + n.t %}{% endfor %}",
        "{% set n = namespace(t=[1]) %}"
            + "{% for i in range(30) %}{% set n.t = [n.t, n.t] %}{% endfor %}{{ n.t | tojson }}",
        "{% set n = namespace(t=[1], u=[1]) %}{% for i in range(30) %}"
            + "{% set n.t = [n.t, n.t] %}{% set n.u = [n.u, n.u] %}{% endfor %}{{ n.t == n.u }}",
        "{% set n = namespace(t=[1]) %}"
            + "{% for i in range(4000) %}{% set n.t = [n.t] %}{% endfor %}{{ n.t | tojson }}",
        "{% set a = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' %}{% set n = namespace(t=a) %}"
            + "{% for i in range(9) %}{% set n.t = n.t.replace('a', a) %}{% endfor %}",
        "{% for i in range(4096) %}{% for j in range(60) %}{{ 'aaaaaaaaaaaaaaaaaaaa' }}"
            + "{% endfor %}{% endfor %}",
        "{{ range(100000) }}",
      })
  void render_endlessTemplates_stopAtABound(String template) {
    assertThatThrownBy(() -> render(template, ChatMessage.user(1, "q")))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void of_deepNesting_isRefused() {
    for (String template :
        List.of(
            "{{ " + "(".repeat(500) + " }}",
            "{{ " + "[".repeat(500) + " }}",
            "{{ " + "-".repeat(500) + "1 }}",
            "{{ " + "not ".repeat(500) + "1 }}",
            "{% if 1 %}".repeat(20_000))) {
      assertThatThrownBy(() -> ChatTemplate.of(template, TOKENS))
          .isInstanceOf(TokenizerException.class)
          .hasMessageContaining("expected at most 64 levels of nesting");
    }
  }

  @Test
  void of_longChains_areRefused() {
    for (String template :
        List.of(
            "{{ 1" + " + 1".repeat(60_000) + " }}",
            "{{ a" + ".a".repeat(100_000) + " }}",
            "{{ a" + "|trim".repeat(50_000) + " }}",
            "{{ a" + " or a".repeat(50_000) + " }}",
            "{{ a" + " if a".repeat(50_000) + " }}")) {
      assertThatThrownBy(() -> ChatTemplate.of(template, TOKENS))
          .isInstanceOf(TokenizerException.class)
          .hasMessageContaining("expected at most 1024 words in a tag");
    }
    assertThat(render("{{ 1" + " + 1".repeat(500) + " }}", ChatMessage.user(1, "q")))
        .isEqualTo("501");
  }

  @Test
  void of_templateTooLong_isRefused() {
    String template = "a".repeat((1 << 18) + 1);

    assertThatThrownBy(() -> ChatTemplate.of(template, TOKENS))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("expected at most 262144 characters, found 262145");
  }

  @Test
  void find_takesTheNewestFileFirst() throws IOException {
    assertThat(ChatTemplate.find(folder)).isEmpty();

    write(
        "tokenizer_config.json",
        "{\"bos_token\":{\"content\":\"<b>\"},\"chat_template\":["
            + "{\"name\":\"tool_use\",\"template\":\"no\"},"
            + "{\"name\":\"default\",\"template\":\"{{ bos_token }}config\"}]}");
    assertThat(found()).isEqualTo("<b>config");

    write("chat_template.json", "{\"chat_template\":\"{{ bos_token }}json\"}");
    assertThat(found()).isEqualTo("<b>json");

    write("chat_template.jinja", "{{ eos_token }}jinja\n");
    write("special_tokens_map.json", "{\"eos_token\":\"<e>\"}");
    assertThat(found()).isEqualTo("<e>jinja");
  }

  private String found() {
    return ChatTemplate.find(folder).orElseThrow().render(List.of(ChatMessage.user(1, "q")));
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  private static String render(String template, ChatMessage message) {
    return ChatTemplate.of(template, TOKENS).render(List.of(message));
  }
}
