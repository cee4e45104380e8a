package dev.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README says what the code does. */
class ReadmeTest {
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void example_standsInTheCompiledSource() throws IOException {
    String example = example();
    String source =
        Files.readString(Path.of("src/test/java/dev/sluice/jobs/ReadmeExample.java"))
            .replaceAll("(?m)^ {4}", "");

    assertThat(source).contains(example);
  }

  @Test
  void example_isShorterThan25Lines() throws IOException {
    assertThat(example().lines().count()).isLessThan(25);
  }

  private static String example() throws IOException {
    Matcher block = JAVA_BLOCK.matcher(Files.readString(Path.of("../README.md")));
    assertThat(block.find()).as("a block of Java in the README").isTrue();
    return block.group(1);
  }
}
