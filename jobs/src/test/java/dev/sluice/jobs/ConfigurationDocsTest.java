package dev.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationDocsTest {
  private static final Path PAGE = Path.of("..", "docs", "configuration.md");

  /** To renew the page: {@code -Dsluice.docs.write=true}. */
  @Test
  void page_isWhatTheCodeSays() throws IOException {
    String expected = ConfigurationDocs.page();
    if (Boolean.getBoolean("sluice.docs.write")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(PAGE).hasContent(expected);
  }

  @Test
  void everyOption_isUnderSluiceAndExplained() {
    assertThat(ConfigurationDocs.options())
        .hasSizeGreaterThan(15)
        .allSatisfy(option -> assertThat(option.key()).matches("sluice(\\.[a-z-]+)+"))
        .allSatisfy(option -> assertThat(ConfigurationDocs.description(option)).endsWith("."));
  }
}
