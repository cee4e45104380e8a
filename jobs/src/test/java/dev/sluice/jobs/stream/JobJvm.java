package dev.sluice.jobs.stream;

import dev.sluice.jobs.demo.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A job in a JVM of its own, as the launcher starts one. Stateless. */
public final class JobJvm {
  private JobJvm() {}

  /**
   * @param arguments the main class, then its own
   * @param more flags of the JVM
   */
  public static ChildJvm start(List<String> arguments, Path log, String... more)
      throws IOException {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "-Xmx1g",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-Dai.djl.offline=true",
                "-DOPT_OUT_TRACKING=true"));
    flags.addAll(List.of(more));
    for (String name : List.of("java.util", "java.lang", "java.time", "java.util.concurrent")) {
      flags.add("--add-opens=java.base/" + name + "=ALL-UNNAMED");
    }
    return ChildJvm.start(flags, arguments, log);
  }
}
