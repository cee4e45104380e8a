package dev.sluice.models.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.GoldenFolders;
import java.io.IOException;
import java.nio.file.Path;
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
    return GoldenFolders.files("slicing.*\\.json").stream().flatMap(this::tests);
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
}
