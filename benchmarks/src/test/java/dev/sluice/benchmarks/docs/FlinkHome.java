package dev.sluice.benchmarks.docs;

import dev.sluice.benchmarks.cluster.FlinkRest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Flink as its archive unpacks, but for the scripts, which stand in for those of the archive (no
 * repository has it): {@code src/test/resources/flink-home}. One thread's.
 */
final class FlinkHome implements AutoCloseable {
  private static final Path PATTERN = Path.of("src/test/resources/flink-home");
  private static final Path LOGGING =
      Path.of("src/main/resources/dev/sluice/benchmarks/cluster/cluster-log4j2.xml");

  private final Path folder;
  private final int restPort;

  private FlinkHome(Path folder, int restPort) {
    this.folder = folder;
    this.restPort = restPort;
  }

  static FlinkHome unpack(Path folder) throws IOException {
    for (String name : List.of("bin", "conf", "lib", "log")) {
      Files.createDirectories(folder.resolve(name));
    }
    for (Path file : files(PATTERN)) {
      Files.copy(
          file,
          folder.resolve(PATTERN.toAbsolutePath().relativize(file).toString()),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    Files.copy(LOGGING, folder.resolve("conf/log4j2.xml"));
    for (Path jar : files(Path.of(System.getProperty("sluice.flink.lib")))) {
      Files.createSymbolicLink(folder.resolve("lib").resolve(jar.getFileName()), jar);
    }
    int restPort = freePort();
    // Other tests may run on this machine.
    Files.writeString(
        folder.resolve("conf/config.yaml"),
        "jobmanager.rpc.port: %d\nrest.port: %d\nio.tmp.dirs: %s\n"
            .formatted(freePort(), restPort, Files.createDirectory(folder.resolve("tmp"))),
        StandardOpenOption.APPEND);
    return new FlinkHome(folder, restPort);
  }

  Path folder() {
    return folder;
  }

  FlinkRest rest() {
    return new FlinkRest(URI.create("http://127.0.0.1:" + restPort));
  }

  /** Ends what the scripts have started. */
  @Override
  public void close() throws IOException {
    Path pids = folder.resolve("pids");
    if (Files.exists(pids)) {
      for (String pid : Files.readAllLines(pids)) {
        ProcessHandle.of(Long.parseLong(pid))
            .ifPresent(
                process -> {
                  process.destroyForcibly();
                  process.onExit().join();
                });
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).map(Path::toAbsolutePath).toList();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
