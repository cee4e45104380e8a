package dev.sluice.jobs.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM with this one's class path that ends with this one. Thread-safe.
 *
 * <p>The child watches its standard input, whose other end dies with this process however that
 * comes about.
 */
public final class ChildJvm implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final Process process;
  private final Path log;

  private ChildJvm(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * @param flags of the JVM
   * @param arguments the main class and its arguments
   * @param log where standard output and standard error go
   */
  public static ChildJvm start(List<String> flags, List<String> arguments, Path log)
      throws IOException {
    return new ChildJvm(
        command(flags, arguments).redirectErrorStream(true).redirectOutput(log.toFile()).start(),
        log);
  }

  /**
   * One whose standard output this one reads: it stops when nobody does.
   *
   * @param flags of the JVM
   * @param arguments the main class and its arguments
   * @param log where standard error goes
   */
  static ChildJvm startTalking(List<String> flags, List<String> arguments, Path log)
      throws IOException {
    return new ChildJvm(command(flags, arguments).redirectError(log.toFile()).start(), log);
  }

  private static ProcessBuilder command(List<String> flags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  public Process process() {
    return process;
  }

  /** What it wrote, for a message. */
  public Path log() {
    return log;
  }

  /** Kills it at once, as {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Lets it end by itself, and kills it if it takes too long. */
  @Override
  public void close() {
    try (OutputStream input = process.getOutputStream()) {
      input.flush();
    } catch (IOException e) {
      // It has gone already.
    }
    awaitEnd();
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
