package dev.sluice.benchmarks;

import dev.sluice.jobs.local.ProcessMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Broken pictures through reader and slicer: each must end in one result or one rejection. Used by
 * one thread.
 *
 * <p>The work is done in a child process, which says in a file which input it is at: where it dies
 * or stands still, that input is named and the next child goes on behind it.
 */
public final class Fuzz {
  private static final Path PICTURES = Path.of("models/src/test/resources/pictures/decode");
  private static final String CHILD = "--child";
  private static final int REPORTS = 10;
  private static final long STANDSTILL_MILLIS = 60_000;
  private static final int MIB = 1 << 20;

  private final long total;
  private final long seed;
  private final List<Long> died = new ArrayList<>();
  private final List<Long> stoodStill = new ArrayList<>();

  private Fuzz(long total, long seed) {
    this.total = total;
    this.seed = seed;
  }

  /**
   * @param args how many inputs (default 100,000) and of which seed (1); run from the project's
   *     root, where the pictures are
   */
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals(CHILD)) {
      work(
          Long.parseLong(args[1]),
          Long.parseLong(args[2]),
          Long.parseLong(args[3]),
          Path.of(args[4]));
      return;
    }
    long total = args.length > 0 ? Long.parseLong(args[0]) : 100_000;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
    new Fuzz(total, seed).supervise();
  }

  /** The test pictures as they are in the project. */
  static List<byte[]> originals(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> !file.toString().endsWith(".rgb.png"))
          .sorted()
          .map(Fuzz::bytes)
          .toList();
    }
  }

  private void supervise() throws IOException, InterruptedException {
    Path place = Files.createTempFile("sluice-fuzz", ".position");
    try {
      long next = 0;
      while (next < total) {
        next = runChild(next, place);
      }
    } finally {
      Files.delete(place);
    }
    System.out.printf(
        "{\"inputs\":%d,\"seed\":%d,\"crashes\":%d,\"hangs\":%d,\"crashed\":%s,\"hung\":%s}%n",
        total, seed, died.size(), stoodStill.size(), died, stoodStill);
  }

  /** Where the next child begins. */
  private long runChild(long from, Path place) throws IOException, InterruptedException {
    write(place, from);
    Process child = start(from, place);
    long seen = from;
    while (!child.waitFor(STANDSTILL_MILLIS, TimeUnit.MILLISECONDS)) {
      long now = read(place);
      if (now == seen) {
        child.destroyForcibly().waitFor();
        stoodStill.add(now);
        return now + 1;
      }
      seen = now;
    }
    if (child.exitValue() == 0) {
      return total;
    }
    died.add(read(place));
    return read(place) + 1;
  }

  private Process start(long from, Path place) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The heap at its full size from the start: what grows then is native.
    command.addAll(List.of("-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"));
    command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Fuzz.class.getName()));
    command.addAll(
        List.of(
            CHILD,
            String.valueOf(from),
            String.valueOf(total),
            String.valueOf(seed),
            place.toString()));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.DISCARD) // the decoders' own words
        .start();
  }

  private static void work(long from, long to, long seed, Path place) throws IOException {
    FuzzRun run = new FuzzRun(new PictureMutator(originals(PICTURES), seed));
    try (FileChannel file =
        FileChannel.open(place, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer position = file.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
      long step = Math.max(1, (to - from) / REPORTS);
      for (long i = from; i < to; i++) {
        position.putLong(0, i);
        run.run(i);
        if ((i + 1 - from) % step == 0) {
          System.out.printf(
              "%d inputs: %s, over 5 s: %d, %d MiB resident%n",
              i + 1, run.summary(), run.slow(), ProcessMemory.residentBytes() / MIB);
        }
      }
    }
  }

  private static void write(Path place, long position) throws IOException {
    Files.write(place, ByteBuffer.allocate(Long.BYTES).putLong(0, position).array());
  }

  private static long read(Path place) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(place)).getLong();
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("picture " + file + ": cannot be read", e);
    }
  }
}
