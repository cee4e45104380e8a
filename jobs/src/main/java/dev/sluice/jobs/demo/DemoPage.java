package dev.sluice.jobs.demo;

import dev.sluice.jobs.local.Ports;
import dev.sluice.jobs.stream.KafkaOptions.Topics;
import dev.sluice.jobs.watch.TopicReader;
import dev.sluice.jobs.watch.Watch;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;

/** The page that shows the demo's stream. Thread-safe. */
final class DemoPage implements AutoCloseable {
  private static final int USUAL_PORT = 8088;

  private final Watch watch;
  private final TopicReader reader;

  private DemoPage(Watch watch, TopicReader reader) {
    this.watch = watch;
    this.reader = reader;
  }

  /**
   * @param flink where Flink's REST interface is
   */
  static DemoPage open(String bootstrapServers, Topics topics, URI flink) throws IOException {
    Watch watch = Watch.open(Ports.usualOrAny(USUAL_PORT), Optional.of(flink));
    TopicReader reader =
        new TopicReader(
            Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            topics,
            TopicReader.From.BEGINNING,
            watch);
    reader.start();
    return new DemoPage(watch, reader);
  }

  URI address() {
    return watch.page();
  }

  @Override
  public void close() {
    reader.close();
    watch.close();
  }
}
