package dev.sluice.operators.poison;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the processes of a host keep their crash journals, and what they remember together of those
 * that died. Thread-safe, also between processes.
 */
final class JournalFolder {
  private static final Logger LOG = LoggerFactory.getLogger(JournalFolder.class);
  private static final String JOURNAL = ".journal";
  private static final String DEATHS = "deaths.txt";
  private static final String LOCK = "lock";

  /** Between the threads of this process: a file's lock is the whole process's. */
  private static final Object PROCESS = new Object();

  /** Journals of this process: to open and close one again would give up its lock. */
  private static final Set<Path> OWN = new HashSet<>();

  private final Path folder;
  private final Duration retention;
  private final InstantSource clock;

  /**
   * @throws IOException if it cannot be made, or others than its owner and group may write to it
   */
  JournalFolder(Path folder, Duration retention, InstantSource clock) throws IOException {
    this.folder = folder.toAbsolutePath().normalize();
    this.retention = retention;
    this.clock = clock;
    boolean posix = this.folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (!Files.isDirectory(this.folder)) {
      if (posix) {
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
        Files.createDirectories(this.folder, PosixFilePermissions.asFileAttribute(owner));
      } else {
        Files.createDirectories(this.folder);
      }
    }
    if (posix
        && Files.getPosixFilePermissions(this.folder).contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException("folder " + this.folder + ": expected not to be writable by everyone");
    }
  }

  /** Begins the journal of this process. */
  CrashJournal begin() throws IOException {
    synchronized (PROCESS) {
      try (FileChannel channel = openLock();
          FileLock lock = channel.lock()) {
        CrashJournal journal = CrashJournal.create(folder.resolve(UUID.randomUUID() + JOURNAL));
        OWN.add(journal.file());
        return journal;
      }
    }
  }

  /** Ends a journal of this process. */
  void end(CrashJournal journal) throws IOException {
    synchronized (PROCESS) {
      OWN.remove(journal.file());
      journal.close();
    }
  }

  /** What is remembered, with the processes that have died since. */
  Deaths recall() throws IOException {
    return change(this::withTheDead);
  }

  /** Remembers that a suspect was worked on alone, and nothing happened. */
  Deaths clear(Suspect suspect) throws IOException {
    return change(deaths -> deaths.cleared(suspect));
  }

  private Deaths change(UnaryOperator<Deaths> change) throws IOException {
    synchronized (PROCESS) {
      try (FileChannel channel = openLock();
          FileLock lock = channel.lock()) {
        Deaths before = read();
        Deaths after = change.apply(before.since(clock.instant().minus(retention)));
        if (!after.equals(before)) {
          write(after);
        }
        return after;
      }
    }
  }

  private Deaths withTheDead(Deaths known) {
    Deaths deaths = known;
    for (Path journal : journals()) {
      try {
        if (!OWN.contains(journal) && isOfTheDead(journal)) {
          List<Suspect> named = CrashJournal.read(journal);
          if (!named.isEmpty()) {
            LOG.warn("a process died with {} pictures in native hands: {}", named.size(), named);
          }
          deaths = deaths.after(named, clock.instant());
          Files.delete(journal);
        }
      } catch (IOException e) {
        LOG.warn("crash journal {}: cannot be read", journal, e);
      }
    }
    return deaths;
  }

  private List<Path> journals() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(JOURNAL)).sorted().toList();
    } catch (IOException e) {
      LOG.warn("crash journals in {}: cannot be listed", folder, e);
      return List.of();
    }
  }

  private static boolean isOfTheDead(Path journal) throws IOException {
    try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private FileChannel openLock() throws IOException {
    return FileChannel.open(
        folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private Deaths read() throws IOException {
    try {
      return Deaths.parse(Files.readAllLines(folder.resolve(DEATHS)));
    } catch (NoSuchFileException e) {
      return Deaths.NONE;
    }
  }

  private void write(Deaths deaths) throws IOException {
    Path next = folder.resolve(DEATHS + ".new");
    Files.write(next, deaths.toLines());
    Files.move(
        next,
        folder.resolve(DEATHS),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
