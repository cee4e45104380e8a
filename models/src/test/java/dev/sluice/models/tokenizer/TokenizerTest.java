package dev.sluice.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"clip.json", "llava.json", "siglip.json"})
  void open_tokenizerJson_equalsThePythonLibrary(String name) throws Exception {
    requireEqual("files", name);
  }

  /** Folders without {@code tokenizer.json}, against transformers' own tokenizers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert",
        "bert-cased",
        "clip",
        "opt",
        "qwen2",
        "llama",
        "llama-bare",
        "llama-not-legacy",
        "siglip",
        "t5",
        "qwen"
      })
  void open_olderFolder_equalsTransformers(String name) throws Exception {
    requireEqual("folders", name);
  }

  private static void requireEqual(String kind, String name) throws Exception {
    JsonNode expected =
        new ObjectMapper().readTree(resource("expected.json").toFile()).get(kind).get(name);
    try (Tokenizer tokenizer = Tokenizer.open(resource(name))) {
      for (JsonNode row : expected.get("rows")) {
        String text = row.get("text").asText();
        int[] ids = ids(row.get("ids"));
        assertThat(tokenizer.encode(text)).as("ids of '%s'", text).isEqualTo(ids);
        assertThat(tokenizer.encodeWithSpecialTokens(text))
            .as("framed ids of '%s'", text)
            .isEqualTo(ids(row.get("ids_with_special")));
        assertThat(tokenizer.decode(ids)).isEqualTo(row.get("decoded").asText());
        assertThat(tokenizer.decode(withUnknown(ids, tokenizer)))
            .as("unknown id left out")
            .isEqualTo(row.get("decoded").asText());
        assertThat(tokenizer.decodeWithSpecialTokens(ids))
            .isEqualTo(row.get("decoded_with_special").asText());
      }
      if (expected.has("size")) {
        assertThat(tokenizer.vocabularySize()).isEqualTo(expected.get("size").asInt());
      }
      expected
          .path("tokens")
          .properties()
          .forEach(e -> assertThat(tokenizer.tokenId(e.getKey())).hasValue(e.getValue().asInt()));
    }
  }

  private static int[] withUnknown(int[] ids, Tokenizer tokenizer) {
    int[] more = Arrays.copyOf(ids, ids.length + 1);
    more[ids.length] = tokenizer.vocabularySize() + 7;
    return more;
  }

  private static int[] ids(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  @Test
  void tokenId_ofSpecialToken_isFoundAndSpecial() throws Exception {
    try (Tokenizer tokenizer = Tokenizer.open(resource("llava.json"))) {
      int end = tokenizer.tokenId("</s>").orElseThrow();

      assertThat(tokenizer.isSpecial(end)).isTrue();
      assertThat(tokenizer.isSpecial(tokenizer.encode("mug")[0])).isFalse();
      assertThat(tokenizer.encode("mug</s>")).endsWith(end);
      assertThat(tokenizer.tokenId("no such token")).isEmpty();
    }
  }

  @Test
  void decode_nothing_isEmpty() throws Exception {
    try (Tokenizer tokenizer = Tokenizer.open(resource("llava.json"))) {
      assertThat(tokenizer.decode()).isEmpty();
    }
  }

  @Test
  void open_folder_findsItsTokenizerAndKeepsTheThreadsClassLoader() throws Exception {
    Files.copy(resource("llava.json"), folder.resolve("tokenizer.json"));
    ClassLoader before = Thread.currentThread().getContextClassLoader();

    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertThat(tokenizer.encode("mug")).isNotEmpty();
    }

    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
  }

  @Test
  void open_folderWithoutTokenizer_saysHowToConvertIt() {
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("expected tokenizer.json or a vocabulary file, found none")
        .hasMessageContaining("save_pretrained");
  }

  @Test
  void open_fileTooLarge_isRefusedBeforeReading() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 32);
    }

    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("expected at most 67108864 bytes, found 4294967296");
  }

  @Test
  void open_hostileContent_isRefused() throws IOException {
    List<String> hostile =
        List.of(
            "",
            "[]",
            "{}",
            "{\"model\":",
            "[".repeat(100_000),
            "{\"added_tokens\":" + "[".repeat(100_000),
            "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":-1},\"merges\":[]}}",
            "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":1e99},\"merges\":[]}}",
            "{\"model\":{\"type\":\"no such model\",\"vocab\":{\"a\":0}}}");
    for (String content : hostile) {
      Path file = Files.writeString(folder.resolve("tokenizer.json"), content);

      assertThatThrownBy(() -> Tokenizer.open(file)).isInstanceOf(TokenizerException.class);
    }
  }

  private static Path resource(String name) throws URISyntaxException {
    URL url = TokenizerTest.class.getResource("/tokenizers/" + name);
    return Path.of(url.toURI());
  }
}
