package dev.sluice.benchmarks.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of code on a page. Above one that holds commands or statements a comment says which
 * test runs it: {@code <!-- run: path/of/TheTest.java -->}. Immutable.
 *
 * @param language empty where the page names none
 * @param runner from the root of the repository, null where the page names none
 */
record DocumentedCommands(String language, @Nullable String runner, String text) {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern BLOCK =
      Pattern.compile("(?ms)(?:^<!-- run: (\\S+) -->\n)?^```(\\w*)\n(.*?)^```$");

  /**
   * @param page from the root of the repository
   */
  static List<DocumentedCommands> on(String page) throws IOException {
    List<DocumentedCommands> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(ROOT.resolve(page)));
    while (block.find()) {
      blocks.add(new DocumentedCommands(block.group(2), block.group(1), block.group(3)));
    }
    return blocks;
  }

  /**
   * The commands on a page, one block after the other.
   *
   * @param test whose blocks they are
   */
  static List<String> of(String page, Class<?> test) throws IOException {
    return on(page).stream()
        .filter(block -> block.language.equals("sh"))
        .filter(
            block -> block.runner != null && block.runner.endsWith(test.getSimpleName() + ".java"))
        .map(DocumentedCommands::text)
        .toList();
  }
}
