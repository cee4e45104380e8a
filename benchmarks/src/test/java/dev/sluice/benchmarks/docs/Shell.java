package dev.sluice.benchmarks.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands as somebody would who types them, and stops at the first that fails. Immutable.
 *
 * @param folder where they are typed
 * @param environment beside this process's own
 */
record Shell(Path folder, Map<String, String> environment) {
  private static final long PATIENCE_MINUTES = 5;

  /**
   * @return what they print
   * @throws IOException with what they printed, if one fails
   */
  String run(String commands) throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "commands-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException(
          "%s\nnot done after %d minutes:\n%s"
              .formatted(commands, PATIENCE_MINUTES, Files.readString(log)));
    }
    String output = Files.readString(log);
    if (process.exitValue() != 0) {
      throw new IOException(
          "%s\nexit code %d:\n%s".formatted(commands, process.exitValue(), output));
    }
    return output;
  }
}
