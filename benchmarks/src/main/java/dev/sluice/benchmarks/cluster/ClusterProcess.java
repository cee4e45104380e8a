package dev.sluice.benchmarks.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM that can be killed, paused and started again as it was. Thread-safe. */
public final class ClusterProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private final Thread atExit = new Thread(this::kill);
  private volatile Process process;

  private ClusterProcess(
      String name, List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    this.name = name;
    this.command = command;
    this.environment = environment;
    this.log = log;
    this.process = launch();
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * @param jvm flags and class path
   * @param arguments the main class and its arguments
   * @param logs where its output goes, under its name
   */
  static ClusterProcess start(
      String name,
      List<String> jvm,
      List<String> arguments,
      Map<String, String> environment,
      Path logs)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(arguments);
    return new ClusterProcess(
        name,
        List.copyOf(command),
        environment,
        Files.createDirectories(logs).resolve(name + ".log"));
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public Path log() {
    return log;
  }

  /** As {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly();
    await(process);
  }

  /** Starts it again after it was killed. */
  public synchronized void restart() throws IOException {
    if (process.isAlive()) {
      throw new IllegalStateException(name + ": expected to have ended, is alive");
    }
    process = launch();
  }

  /** Stops it in its tracks; nobody is told. */
  public void pause() throws IOException {
    signal("STOP");
  }

  public void resume() throws IOException {
    signal("CONT");
  }

  /**
   * Waits for its end.
   *
   * @return its exit code
   */
  int awaitExit() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // We are ending anyway.
    }
  }

  private void signal(String signal) throws IOException {
    Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid())).start();
    await(kill);
  }

  private Process launch() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static void await(Process process) {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
