package dev.sluice.benchmarks.faults;

import dev.sluice.jobs.demo.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The process that sends events. Thread-safe. */
public final class Feed implements AutoCloseable {
  private final Path folder;
  private final String bootstrapServers;
  private final Load load;
  private final ChildJvm process;

  private Feed(Path folder, String bootstrapServers, Load load) throws IOException {
    this.folder = folder;
    this.bootstrapServers = bootstrapServers;
    this.load = load;
    this.process =
        ChildJvm.start(
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            List.of(
                FeedMain.class.getName(),
                bootstrapServers,
                String.valueOf(load.events()),
                String.valueOf(load.perSecond())),
            folder.resolve("feed.log"));
  }

  /**
   * What is sent. Immutable.
   *
   * @param events in all
   */
  public record Load(int events, int perSecond) {}

  static Feed start(Path folder, String bootstrapServers, Load load) throws IOException {
    return new Feed(folder, bootstrapServers, load);
  }

  Load load() {
    return load;
  }

  /** Another that goes on where this one was when it ended. */
  Feed restarted() throws IOException {
    return new Feed(folder, bootstrapServers, load);
  }

  /** How many events are committed. */
  int sent() {
    return FeedMain.committed(bootstrapServers);
  }

  void kill() {
    process.kill();
  }

  @Override
  public void close() {
    kill();
  }
}
