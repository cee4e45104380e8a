package dev.sluice.jobs.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/**
 * A Kafka broker of one node for {@link KafkaBroker}: formats a new folder, starts, says that it is
 * ready, and ends as soon as its standard input does, so that it never outlives its parent. Run by
 * the main thread of a child JVM.
 */
public final class BrokerMain {
  /** What it prints once it serves. */
  static final String READY = "ready";

  private static final int NODE_ID = 1;
  private static final String CONTROLLER = "CONTROLLER";
  private static final String MAX_MESSAGE_BYTES = String.valueOf(32 << 20);

  private BrokerMain() {}

  /**
   * @param args the folder, the port of the broker, the port of the controller, then settings of
   *     the broker as {@code key=value}
   */
  public static void main(String[] args) throws Exception {
    CountDownLatch orphaned = new CountDownLatch(1);
    // Ctrl-C reaches this process too; the parent still has transactions to end and closes us last.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> await(orphaned), "wait-for-parent"));
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));

    Path folder = Path.of(args[0]);
    if (!Files.exists(folder.resolve("meta.properties"))) {
      format(folder);
    }
    Map<String, String> properties = properties(folder, args[1], args[2]);
    for (String setting : List.of(args).subList(3, args.length)) {
      int equals = setting.indexOf('=');
      properties.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM).startup();
    out.println(READY);
    out.flush();

    waitForEndOfInput();
    orphaned.countDown();
    Runtime.getRuntime().halt(0);
  }

  private static void waitForEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // Nobody writes; only the end matters.
      }
    } catch (IOException e) {
      // As good as the end.
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void format(Path folder) throws Exception {
    new Formatter()
        .setNodeId(NODE_ID)
        .setClusterId(Uuid.randomUuid().toString())
        .setDirectories(List.of(folder.toString()))
        .setControllerListenerName(CONTROLLER)
        .setMetadataLogDirectory(Optional.of(folder.toString()))
        .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
        .run();
  }

  private static Map<String, String> properties(Path folder, String port, String controllerPort) {
    Map<String, String> properties = new HashMap<>();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", String.valueOf(NODE_ID));
    properties.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
    properties.put(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    properties.put("controller.listener.names", CONTROLLER);
    properties.put("inter.broker.listener.name", "PLAINTEXT");
    properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put("log.dirs", folder.toString());
    properties.put("auto.create.topics.enable", "false");
    properties.put("message.max.bytes", MAX_MESSAGE_BYTES);
    properties.put("group.initial.rebalance.delay.ms", "0");
    // One node: nothing can be replicated.
    for (String replicated :
        new String[] {
          "offsets.topic.replication.factor",
          "transaction.state.log.replication.factor",
          "transaction.state.log.min.isr",
          "share.coordinator.state.topic.replication.factor",
          "share.coordinator.state.topic.min.isr",
          "offsets.topic.num.partitions",
          "transaction.state.log.num.partitions",
        }) {
      properties.put(replicated, "1");
    }
    return properties;
  }
}
