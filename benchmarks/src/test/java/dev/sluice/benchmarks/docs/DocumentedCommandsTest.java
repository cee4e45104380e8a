package dev.sluice.benchmarks.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No command stands in the documentation that no test runs. */
class DocumentedCommandsTest {
  private static final Set<String> RUN = Set.of("sh", "sql");
  private static final Set<String> SHOWN = Set.of("text", "json", "java", "yaml", "xml");

  @ParameterizedTest
  @MethodSource("pages")
  void everyBlock_saysWhatItIsAndWhoRunsIt(String page) throws IOException {
    for (DocumentedCommands block : DocumentedCommands.on(page)) {
      if (!RUN.contains(block.language())) {
        assertThat(SHOWN).as("%s: language of\n%s", page, block.text()).contains(block.language());
        continue;
      }
      assertThat(block.runner()).as("%s: who runs\n%s", page, block.text()).isNotNull();
      Path runner = DocumentedCommands.ROOT.resolve(String.valueOf(block.runner()));
      assertThat(runner).isRegularFile();
      assertThat(Files.readString(runner)).as("%s runs %s", runner, page).contains(page);
    }
  }

  static List<String> pages() throws IOException {
    try (Stream<Path> docs = Files.list(DocumentedCommands.ROOT.resolve("docs"))) {
      return Stream.concat(
              Stream.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "deploy/README.md"),
              docs.filter(page -> page.toString().endsWith(".md"))
                  .map(page -> "docs/" + page.getFileName()))
          .sorted()
          .toList();
    }
  }
}
