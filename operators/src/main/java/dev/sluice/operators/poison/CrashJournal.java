package dev.sluice.operators.poison;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * Names the pictures that are in native hands, in a small file that outlives the process.
 * Thread-safe.
 *
 * <p>The file is mapped: a line costs a copy in memory, and the system keeps it when the process is
 * killed. Its 96 KiB are written in advance, since a mapped page that finds the disk full ends the
 * process. The lock on it goes with the process, however that ends: a journal that can be locked is
 * one of a dead process, and neither process ids nor clocks matter.
 */
final class CrashJournal implements AutoCloseable {
  private static final int LINES = 1024;
  private static final int LINE_BYTES = 96;
  private static final byte FREE = ' ';
  private static final byte TAKEN = '!';
  private static final int TEXT = 1;

  private final Path file;
  private final FileChannel channel;
  private final MappedByteBuffer lines;
  private final BitSet taken = new BitSet(LINES);

  private CrashJournal(Path file, FileChannel channel, MappedByteBuffer lines) {
    this.file = file;
    this.channel = channel;
    this.lines = lines;
  }

  /** Begins one that is locked by this process. */
  static CrashJournal create(Path file) throws IOException {
    byte[] blank = new byte[LINES * LINE_BYTES];
    Arrays.fill(blank, FREE);
    for (int i = 1; i <= LINES; i++) {
      blank[i * LINE_BYTES - 1] = '\n';
    }
    Files.write(file, blank, StandardOpenOption.CREATE_NEW);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new IOException("crash journal " + file + ": locked by another process");
      }
      return new CrashJournal(
          file, channel, channel.map(FileChannel.MapMode.READ_WRITE, 0, blank.length));
    } catch (IOException | RuntimeException e) {
      channel.close();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  Path file() {
    return file;
  }

  /** Names pictures until the result is closed; those beyond 1,024 at once stay unnamed. */
  PoisonGuard.Named name(Collection<Suspect> suspects) {
    int[] places = new int[suspects.size()];
    int count = 0;
    synchronized (taken) {
      for (Suspect suspect : suspects) {
        int place = taken.nextClearBit(0);
        if (place < LINES) {
          taken.set(place);
          places[count++] = place;
          write(place, suspect);
        }
      }
    }
    int[] held = Arrays.copyOf(places, count);
    return () -> free(held);
  }

  private void write(int place, Suspect suspect) {
    byte[] text = suspect.toLine().getBytes(StandardCharsets.US_ASCII);
    lines.put(place * LINE_BYTES + TEXT, text);
    lines.put(place * LINE_BYTES, TAKEN);
  }

  private void free(int[] places) {
    synchronized (taken) {
      for (int place : places) {
        // What is longer than the next text must not show behind it.
        byte[] blank = new byte[LINE_BYTES - 1];
        Arrays.fill(blank, FREE);
        lines.put(place * LINE_BYTES, blank);
        taken.clear(place);
      }
    }
  }

  /** Whom a journal names. */
  static List<Suspect> read(Path file) throws IOException {
    byte[] content;
    try (var in = Files.newInputStream(file)) {
      content = in.readNBytes(LINES * LINE_BYTES);
    }
    List<Suspect> named = new ArrayList<>();
    new String(content, StandardCharsets.US_ASCII)
        .lines()
        .filter(line -> !line.isEmpty() && line.charAt(0) == TAKEN)
        .forEach(line -> Suspect.parse(line.substring(TEXT)).ifPresent(named::add));
    return named;
  }

  /** Ends it: this process ends in order. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    channel.close();
  }
}
