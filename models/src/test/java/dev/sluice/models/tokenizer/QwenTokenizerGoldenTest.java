package dev.sluice.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.models.GoldenFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every case of the reference's {@code QWenTokenizer} ({@code qwen-tokenizer*.json}), pictures
 * included. The project's own table was made with the first 1,500 of the published ranks.
 */
class QwenTokenizerGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where the ranks of a table may lie, from its folder on. */
  private static final List<String> RANKS =
      List.of("qwen.tiktoken", "../data/qwen.tiktoken", "../tokenizers/qwen/qwen.tiktoken");

  @TestFactory
  Stream<DynamicTest> ids_equalTheReferences() throws IOException {
    List<Path> tables = GoldenFolders.files("qwen-tokenizer.*\\.json");
    GoldenFolders.requireFixtures(tables);
    return tables.stream()
        .map(table -> DynamicTest.dynamicTest(table.getFileName().toString(), () -> check(table)));
  }

  private static void check(Path table) throws IOException {
    Path ranks =
        ranks(table)
            .orElseGet(() -> abort(table + ": no ranks; name them with -Dsluice.qwen-ranks=FILE"));
    JsonNode golden = JSON.readTree(table.toFile());
    assertThat(golden.get("cases")).isNotEmpty();
    try (Tokenizer tokenizer = Tokenizer.open(ranks.getParent())) {
      golden
          .get("specials")
          .properties()
          .forEach(
              special ->
                  assertThat(tokenizer.tokenId(special.getKey()))
                      .as(special.getKey())
                      .hasValue(special.getValue().intValue()));
      for (JsonNode row : golden.get("cases")) {
        String text = row.get("text").textValue();
        assertThat(spans(tokenizer, row).encode(text, words -> boxed(tokenizer.encode(words))))
            .as("ids of '%s'", text)
            .isEqualTo(expected(row));
      }
    }
  }

  private static ImageSpans spans(Tokenizer tokenizer, JsonNode row) {
    int length = row.path("image_span_end").asInt() - row.path("image_span_start").asInt() - 1;
    return new ImageSpans(tokenizer.tokenId("<img>").orElseThrow(), length);
  }

  private static List<Integer> expected(JsonNode row) {
    if (row.has("ids")) {
      return StreamSupport.stream(row.get("ids").spliterator(), false)
          .map(JsonNode::intValue)
          .toList();
    }
    List<Integer> ids = new ArrayList<>();
    for (JsonNode run : row.get("ids_run_length")) {
      ids.addAll(Collections.nCopies(run.get(1).intValue(), run.get(0).intValue()));
    }
    return ids;
  }

  private static Optional<Path> ranks(Path table) {
    String given = System.getProperty("sluice.qwen-ranks", "");
    Stream<Path> places =
        given.isEmpty() ? RANKS.stream().map(table::resolveSibling) : Stream.of(Path.of(given));
    return places
        .map(Path::toAbsolutePath)
        .map(Path::normalize)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static List<Integer> boxed(int[] ids) {
    return Arrays.stream(ids).boxed().toList();
  }
}
