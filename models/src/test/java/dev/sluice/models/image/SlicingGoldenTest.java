package dev.sluice.models.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every row of the reference's slicing tables ({@code slicing*.json}), for every strategy. */
class SlicingGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, SliceStrategy> STRATEGIES =
      Map.of(
          "llava_uhd_raw", SliceStrategy.LLAVA_UHD,
          "llava_uhd_eval", SliceStrategy.LLAVA_UHD_EVAL,
          "minicpmv", SliceStrategy.MINICPM_V,
          "monkey", SliceStrategy.MONKEY);

  @TestFactory
  Stream<DynamicTest> plans_equalTheReferenceTable() throws IOException {
    return tables().stream().flatMap(this::tests);
  }

  private Stream<DynamicTest> tests(Path table) {
    return STRATEGIES.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    table.getFileName() + " " + entry.getKey(),
                    () -> check(table, entry.getKey(), entry.getValue())));
  }

  private static void check(Path table, String column, SliceStrategy strategy) throws IOException {
    JsonNode cases = JSON.readTree(table.toFile()).get("cases");
    assertThat(cases).as("cases of %s", table).isNotEmpty();
    SlicePlanner planner = strategy.planner();
    for (JsonNode row : cases) {
      if (!row.has(column)) {
        continue;
      }
      int width = row.get("width").intValue();
      int height = row.get("height").intValue();
      ObjectNode expected = row.get(column).deepCopy();
      expected.put("width", width).put("height", height);
      JsonNode found =
          JSON.readTree(
              JSON.writeValueAsString(SlicePlanReport.of(strategy, planner.plan(width, height))));
      assertThat(found).as("%s of %dx%d", column, width, height).isEqualTo(expected);
    }
  }

  /** The tables in the folder {@code -Dsluice.goldens}, or the project's own. */
  private static List<Path> tables() throws IOException {
    String folder = System.getProperty("sluice.goldens", "");
    Path root = Path.of(folder.isBlank() ? "src/test/resources/goldens" : folder);
    try (Stream<Path> files = Files.list(root)) {
      return files
          .filter(file -> file.getFileName().toString().matches("slicing.*\\.json"))
          .sorted()
          .toList();
    }
  }
}
