package dev.sluice.operators.poison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.operators.poison.Deaths.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFolderTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Suspect A = DeathsTest.suspect(1);
  private static final Suspect B = DeathsTest.suspect(2);

  @TempDir private Path temporary;
  private Path path;
  private JournalFolder folder;

  @BeforeEach
  void makeFolder() throws IOException {
    path = temporary.resolve("journals");
    folder = new JournalFolder(path, WEEK, InstantSource.fixed(NOW));
  }

  @Test
  void livingProcess_isNotRead() throws Exception {
    CrashJournal journal = folder.begin();
    try (var named = journal.name(List.of(A))) {
      assertThat(folder.recall()).isEqualTo(Deaths.NONE);
      assertThat(CrashJournal.read(journal.file())).containsExactly(A);
    }
    assertThat(CrashJournal.read(journal.file())).isEmpty();
    folder.end(journal);
    assertThat(journals()).isEmpty();
  }

  @Test
  void deadProcess_isReadOnce() throws Exception {
    leaveDead(List.of(A, B));
    assertThat(folder.recall().of(A)).isEqualTo(1);
    assertThat(folder.recall().of(A)).isEqualTo(1);
    assertThat(journals()).isEmpty();
    leaveDead(List.of(B));
    assertThat(folder.recall().verdictOn(B)).isEqualTo(Verdict.POISON);
    assertThat(folder.clear(A).verdictOn(A)).isEqualTo(Verdict.FREE);
  }

  @Test
  void deadProcessWithEmptyHands_accusesNobody() throws Exception {
    leaveDead(List.of());
    assertThat(folder.recall()).isEqualTo(Deaths.NONE);
    assertThat(journals()).isEmpty();
  }

  @Test
  void severalProcesses_rememberTogether() throws Exception {
    leaveDead(List.of(A, B));
    folder.recall();
    leaveDead(List.of(A));
    JournalFolder other = new JournalFolder(path, WEEK, InstantSource.fixed(NOW));
    assertThat(other.recall().verdictOn(A)).isEqualTo(Verdict.POISON);
    assertThat(folder.recall().verdictOn(A)).isEqualTo(Verdict.POISON);
  }

  @Test
  void retention_isOver_picturesAreFree() throws Exception {
    leaveDead(List.of(A));
    folder.recall();
    InstantSource later = InstantSource.fixed(NOW.plus(WEEK).plusSeconds(1));
    assertThat(new JournalFolder(path, WEEK, later).recall()).isEqualTo(Deaths.NONE);
  }

  @Test
  void moreThanItsLines_areNotNamed_andItsSizeStays() throws Exception {
    CrashJournal journal = folder.begin();
    long size = Files.size(journal.file());
    List<Suspect> many = IntStream.range(0, 3000).mapToObj(DeathsTest::suspect).toList();
    var first = journal.name(many);
    var second = journal.name(List.of(A));
    assertThat(CrashJournal.read(journal.file())).isEqualTo(many.subList(0, 1024));
    second.close();
    first.close();
    assertThat(CrashJournal.read(journal.file())).isEmpty();
    assertThat(Files.size(journal.file())).isEqualTo(size).isLessThan(100_000);
    folder.end(journal);
  }

  @Test
  void damagedJournal_isReadAsFarAsItGoes() throws Exception {
    Files.write(path.resolve("x.journal"), new byte[] {'!', 0, -1, '\n', '!', 'E'});
    assertThat(folder.recall()).isEqualTo(Deaths.NONE);
    assertThat(journals()).isEmpty();
  }

  @Test
  void folderThatAnyoneMayWriteTo_isRefused() throws Exception {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> new JournalFolder(path, WEEK, InstantSource.fixed(NOW)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected not to be writable by everyone");
  }

  /** What is left of a process: its journal, without its lock. */
  private void leaveDead(List<Suspect> suspects) throws IOException {
    CrashJournal journal = folder.begin();
    byte[] content;
    try (var named = journal.name(suspects)) {
      content = Files.readAllBytes(journal.file());
    }
    folder.end(journal);
    Files.write(path.resolve("dead.journal"), content);
  }

  private List<Path> journals() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(file -> file.toString().endsWith(".journal")).toList();
    }
  }
}
