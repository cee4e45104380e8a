package dev.sluice.models.tokenizer.convert;

import dev.sluice.models.tokenizer.TokenizerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Collects merges up to a limit: from a file, or from tokens in the order they were learned. Used
 * by the thread that converts.
 */
final class MergeList {
  /** Seven times what the largest published vocabulary gives. */
  private static final int MAX_MERGES = 1 << 21;

  private final Path file;
  private final List<Merge> merges = new ArrayList<>();

  /**
   * @param file names the file in messages
   */
  MergeList(Path file) {
    this.file = file;
  }

  /**
   * Reads {@code merges.txt}: two tokens a line, and a first line that says the version.
   *
   * @throws TokenizerException if a line is anything else
   */
  static List<Merge> read(Path file) {
    MergeList list = new MergeList(file);
    for (String line : (Iterable<String>) TokenizerFiles.readText(file).lines()::iterator) {
      if (!line.isEmpty() && !line.startsWith("#version")) {
        list.add(list.merge(line));
      }
    }
    return list.merges();
  }

  private Merge merge(String line) {
    int blank = line.indexOf(' ');
    if (blank <= 0 || blank == line.length() - 1 || line.indexOf(' ', blank + 1) >= 0) {
      throw new TokenizerException(
          "tokenizer %s: expected two tokens and a blank between them on every line, found other"
                  .formatted(file)
              + " in merge %d".formatted(merges.size() + 1));
    }
    return new Merge(line.substring(0, blank), line.substring(blank + 1));
  }

  /** Adds every way to make a token out of two of those known, the shortest left one first. */
  void addSplits(String token, Set<String> known) {
    for (int cut = 1; cut < token.length(); cut++) {
      String left = token.substring(0, cut);
      String right = token.substring(cut);
      if (known.contains(left) && known.contains(right)) {
        add(new Merge(left, right));
      }
    }
  }

  private void add(Merge merge) {
    if (merges.size() == MAX_MERGES) {
      throw new TokenizerException(
          "tokenizer %s: expected at most %d merges".formatted(file, MAX_MERGES));
    }
    merges.add(merge);
  }

  List<Merge> merges() {
    return Collections.unmodifiableList(merges);
  }
}
