package dev.sluice.jobs.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A real Kafka broker in a child JVM, reachable from this machine alone. Thread-safe. */
public final class KafkaBroker implements AutoCloseable {
  private static final List<String> FLAGS =
      List.of(
          "-Xmx512m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Djava.awt.headless=true",
          "-Dlog4j2.configurationFile=dev/sluice/jobs/broker-log4j2.xml");

  private final Path folder;
  private final List<Integer> ports;
  private final List<String> settings;
  private volatile ChildJvm child;

  private KafkaBroker(Path folder, List<String> settings) throws IOException {
    this.folder = folder;
    this.ports = freePorts();
    this.settings = List.copyOf(settings);
    this.child = launch();
  }

  /**
   * Starts one and waits until it serves.
   *
   * @param folder for its data and its log
   */
  public static KafkaBroker start(Path folder) throws IOException {
    return start(folder, List.of());
  }

  /**
   * Starts one and waits until it serves.
   *
   * @param folder for its data and its log
   * @param settings of the broker, {@code key=value}, before its own
   */
  public static KafkaBroker start(Path folder, List<String> settings) throws IOException {
    return new KafkaBroker(folder, settings);
  }

  /** Kills it at once, as {@code kill -9} does. */
  public void kill() {
    child.kill();
  }

  /** Starts it again with the data that it has, and waits until it serves. */
  public void restart() throws IOException {
    child.close();
    child = launch();
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + ports.get(0);
  }

  /** Creates topics. */
  public void createTopics(List<String> names, int partitions) {
    try (Admin admin =
        Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
      admin
          .createTopics(
              names.stream().map(name -> new NewTopic(name, partitions, (short) 1)).toList())
          .all()
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("topics " + names + ": interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("topics " + names + ": cannot be created", e);
    }
  }

  @Override
  public void close() {
    child.close();
  }

  private ChildJvm launch() throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(BrokerMain.class.getName());
    arguments.add(Files.createDirectories(folder.resolve("data")).toString());
    ports.forEach(port -> arguments.add(String.valueOf(port)));
    arguments.addAll(settings);
    ChildJvm child = ChildJvm.startTalking(FLAGS, arguments, folder.resolve("broker.log"));
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(child.process().getInputStream(), StandardCharsets.UTF_8));
    if (!BrokerMain.READY.equals(out.readLine())) {
      child.close();
      throw new IOException(
          "Kafka broker: did not start: " + lastLine(Files.readAllLines(child.log())));
    }
    return child;
  }

  private static List<Integer> freePorts() throws IOException {
    try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return List.of(first.getLocalPort(), second.getLocalPort());
    }
  }

  private static String lastLine(List<String> lines) {
    return lines.isEmpty() ? "no reason given" : lines.get(lines.size() - 1);
  }
}
