package dev.sluice.benchmarks.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;

/**
 * A session cluster on this machine: ZooKeeper for high availability, a JobManager, TaskManagers,
 * each a JVM of its own, with the {@code lib/} bundle on their class path and {@code
 * deploy/config.yaml} in their configuration. Thread-safe.
 *
 * <p>The archive of Flink is not at hand, so the processes are started as its scripts start them.
 */
public final class FlinkCluster implements AutoCloseable {
  /** Sessions of dead processes end after some of these. */
  private static final String ZOO_KEEPER_TICK_MILLIS = "500";

  /** As docs/deploy.md has it. */
  private static final Map<String, String> TASK_MANAGER_ENVIRONMENT =
      Map.of("OMP_WAIT_POLICY", "PASSIVE", "MALLOC_ARENA_MAX", "1");

  private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");

  /**
   * What the {@code config.yaml} of Flink's archive opens, of which our code and Kryo have need.
   */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.net",
          "java.io",
          "java.nio",
          "sun.nio.ch",
          "java.lang.reflect",
          "java.text",
          "java.time",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "java.util.concurrent.locks");

  private final FlinkJars jars;
  private final Path folder;
  private final ClusterProcess zooKeeper;
  private final ClusterProcess jobManager;
  private final Map<String, ClusterProcess> taskManagers = new TreeMap<>();
  private final FlinkRest rest;

  private FlinkCluster(FlinkJars jars, Path folder, Ports ports, int taskManagerCount)
      throws IOException {
    this.jars = jars;
    this.folder = folder;
    this.rest = new FlinkRest(URI.create("http://127.0.0.1:" + ports.rest));
    this.zooKeeper = startZooKeeper(ports.zooKeeper);
    this.jobManager = startJobManager();
    Resources resources = Resources.of(jars, configuration());
    for (int i = 1; i <= taskManagerCount; i++) {
      String name = "taskmanager-" + i;
      taskManagers.put(name, startTaskManager(name, resources));
    }
  }

  /**
   * Starts one and waits until all TaskManagers are there.
   *
   * @param folder for everything that it writes
   * @param settings of Flink, before the ones that it has by itself
   */
  public static FlinkCluster start(Path folder, int taskManagers, Map<String, String> settings)
      throws IOException {
    FlinkJars jars = FlinkJars.ofThisBuild();
    Ports ports = new Ports(freePort(), freePort());
    Files.createDirectories(folder.resolve("conf"));
    writeConfiguration(jars, folder, ports, settings);
    FlinkCluster cluster = new FlinkCluster(jars, folder, ports, taskManagers);
    FlinkRest.await(() -> cluster.rest.taskManagers().size() == taskManagers);
    return cluster;
  }

  public FlinkRest rest() {
    return rest;
  }

  public ClusterProcess jobManager() {
    return jobManager;
  }

  /**
   * @param id as {@link FlinkRest#taskManagers} gives it
   */
  public ClusterProcess taskManager(String id) {
    return Objects.requireNonNull(taskManagers.get(id), id);
  }

  /** The process id of every TaskManager. */
  public Map<String, Long> taskManagerPids() {
    Map<String, Long> pids = new TreeMap<>();
    taskManagers.forEach((id, process) -> pids.put(id, process.pid()));
    return pids;
  }

  /**
   * Runs Flink's command line, {@code flink run -d …} for instance.
   *
   * @return what it printed
   * @throws IOException with what it printed, if its exit code is not 0
   */
  public String flink(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        jvm(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"), CoreOptions.FLINK_CLI_JVM_OPTIONS));
    command.add("org.apache.flink.client.cli.CliFrontend");
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("FLINK_CONF_DIR", configuration().toString());
    Process process = builder.start();
    String output;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      output = out.lines().collect(Collectors.joining("\n"));
      if (process.waitFor() != 0) {
        throw new IOException("flink " + arguments + ":\n" + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return output;
  }

  /** Starts an SQL gateway that submits to this cluster. */
  public SqlGateway startSqlGateway() throws IOException {
    int port = freePort();
    ClusterProcess process =
        ClusterProcess.start(
            "sql-gateway",
            jvm(List.of("-Xmx512m"), CoreOptions.FLINK_SQL_GATEWAY_JVM_OPTIONS),
            List.of(
                "org.apache.flink.table.gateway.SqlGateway",
                "-Dsql-gateway.endpoint.rest.address=127.0.0.1",
                "-Dsql-gateway.endpoint.rest.bind-address=127.0.0.1",
                "-Dsql-gateway.endpoint.rest.port=" + port,
                "-Dsql-gateway.endpoint.rest.bind-port=" + port,
                "-Dexecution.target=remote"),
            Map.of("FLINK_CONF_DIR", configuration().toString()),
            logs());
    return SqlGateway.open(process, port);
  }

  /**
   * Submits a job of the job jar as {@code flink run} does, and waits until it runs.
   *
   * @param flinkArguments before the jar, such as {@code -p 2}
   * @param arguments the job's name and options
   * @return its id
   */
  public String submit(List<String> flinkArguments, List<String> arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("run", "-d"));
    all.addAll(flinkArguments);
    all.add(jars.jobJar().toString());
    all.addAll(arguments);
    String output = flink(all);
    Matcher id = JOB_ID.matcher(output);
    if (!id.find()) {
      throw new IOException("flink run: expected a job id, found:\n" + output);
    }
    FlinkRest.await(() -> rest.isRunning(id.group(1)));
    return id.group(1);
  }

  @Override
  public void close() {
    taskManagers.values().forEach(ClusterProcess::close);
    jobManager.close();
    zooKeeper.close();
  }

  private ClusterProcess startZooKeeper(int port) throws IOException {
    return ClusterProcess.start(
        "zookeeper",
        List.of("-Xmx64m", "-XX:+UseSerialGC", "-cp", jars.classPath()),
        List.of(
            "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain",
            String.valueOf(port),
            folder.resolve("zookeeper").toString(),
            ZOO_KEEPER_TICK_MILLIS),
        Map.of(),
        logs());
  }

  private ClusterProcess startJobManager() throws IOException {
    return ClusterProcess.start(
        "jobmanager",
        jvm(List.of("-Xmx512m", "-XX:MaxMetaspaceSize=256m"), CoreOptions.FLINK_JM_JVM_OPTIONS),
        List.of(
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            "--configDir",
            configuration().toString(),
            "--executionMode",
            "cluster"),
        Map.of(),
        logs());
  }

  private ClusterProcess startTaskManager(String name, Resources resources) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add("org.apache.flink.runtime.taskexecutor.TaskManagerRunner");
    arguments.addAll(List.of("--configDir", configuration().toString()));
    arguments.addAll(resources.dynamicOptions());
    arguments.addAll(List.of("-D", "taskmanager.resource-id=" + name));
    return ClusterProcess.start(
        name,
        jvm(resources.jvmFlags(), CoreOptions.FLINK_TM_JVM_OPTIONS),
        arguments,
        TASK_MANAGER_ENVIRONMENT,
        logs());
  }

  private List<String> jvm(List<String> memory, ConfigOption<String> ofProcess) throws IOException {
    Configuration configuration = GlobalConfiguration.loadConfiguration(configuration().toString());
    List<String> flags = new ArrayList<>(memory);
    for (ConfigOption<String> options : List.of(CoreOptions.FLINK_JVM_OPTIONS, ofProcess)) {
      flags.addAll(words(configuration.get(options)));
    }
    for (String opened : OPENED) {
      flags.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
    flags.add("-Dlog4j.configurationFile=" + configuration().resolve("log4j2.xml").toUri());
    flags.add("-cp");
    flags.add(jars.classPath());
    return flags;
  }

  private static List<String> words(String text) {
    return Stream.of(text.split(" +")).filter(word -> !word.isEmpty()).toList();
  }

  private Path configuration() {
    return folder.resolve("conf");
  }

  private Path logs() {
    return folder.resolve("log");
  }

  private static void writeConfiguration(
      FlinkJars jars, Path folder, Ports ports, Map<String, String> settings) throws IOException {
    Map<String, String> all = new TreeMap<>();
    all.put("jobmanager.rpc.address", "127.0.0.1");
    all.put("jobmanager.bind-host", "127.0.0.1");
    all.put("taskmanager.host", "127.0.0.1");
    all.put("taskmanager.bind-host", "127.0.0.1");
    all.put("rest.address", "127.0.0.1");
    all.put("rest.bind-address", "127.0.0.1");
    all.put("rest.port", String.valueOf(ports.rest));
    all.put("rest.bind-port", String.valueOf(ports.rest));
    all.put("jobmanager.memory.process.size", "1 gb");
    all.put("taskmanager.memory.task.heap.size", "512 mb");
    all.put("taskmanager.memory.managed.size", "32 mb");
    all.put("taskmanager.memory.task.off-heap.size", "1 gb");
    all.put("taskmanager.numberOfTaskSlots", "4");
    all.put("io.tmp.dirs", folder.resolve("tmp").toString());
    all.put("execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
    all.put("execution.checkpointing.interval", "1 s");
    all.put("high-availability.type", "zookeeper");
    all.put("high-availability.zookeeper.quorum", "127.0.0.1:" + ports.zooKeeper);
    all.put("high-availability.zookeeper.client.session-timeout", "4 s");
    all.put("high-availability.storageDir", folder.resolve("ha").toUri().toString());
    all.putAll(settings);

    List<String> lines = new ArrayList<>();
    Files.readAllLines(jars.distribution().resolve("config.yaml")).stream()
        // Its parts are given one by one.
        .filter(line -> !line.startsWith("taskmanager.memory.process.size"))
        .filter(line -> !all.containsKey(line.split(":", 2)[0]))
        .forEach(lines::add);
    all.forEach((key, value) -> lines.add(key + ": " + value));
    Files.write(folder.resolve("conf").resolve("config.yaml"), lines);
    try (InputStream log4j =
        Objects.requireNonNull(FlinkCluster.class.getResourceAsStream("cluster-log4j2.xml"))) {
      Files.copy(log4j, folder.resolve("conf").resolve("log4j2.xml"));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private record Ports(int rest, int zooKeeper) {}

  /**
   * What Flink's scripts compute of the configuration for a TaskManager. Immutable.
   *
   * @param jvmFlags heap, direct memory and metaspace
   * @param dynamicOptions the sizes for Flink itself
   */
  private record Resources(List<String> jvmFlags, List<String> dynamicOptions) {
    private static final String MARK = "BASH_JAVA_UTILS_EXEC_RESULT:";

    static Resources of(FlinkJars jars, Path configuration) throws IOException {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  jars.classPath(),
                  "org.apache.flink.runtime.util.bash.BashJavaUtils",
                  "GET_TM_RESOURCE_PARAMS",
                  "--configDir",
                  configuration.toString())
              .redirectErrorStream(true)
              .start();
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        List<String> lines = out.lines().toList();
        List<List<String>> results =
            lines.stream()
                .filter(line -> line.startsWith(MARK))
                .map(line -> line.substring(MARK.length()).trim())
                .map(FlinkCluster::words)
                .toList();
        if (results.size() != 2) {
          throw new IOException("TaskManager memory: " + String.join("\n", lines));
        }
        return new Resources(results.get(0), results.get(1));
      }
    }
  }
}
