package dev.sluice.jobs.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** A Flink cluster in this process, with its web page on this machine alone. Thread-safe. */
public final class LocalCluster implements AutoCloseable {
  private static final int WEB_PORT = 8081;
  private static final long PATIENCE_SECONDS = 30;
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);
  private static final Duration METRICS_INTERVAL = Duration.ofSeconds(1);

  private final MiniCluster cluster;
  private final Configuration configuration;
  private final List<JobID> jobs = new ArrayList<>();

  private LocalCluster(MiniCluster cluster, Configuration configuration) {
    this.cluster = cluster;
    this.configuration = configuration;
  }

  /**
   * @param folder for checkpoints and temporary files
   * @param slots tasks that run at once
   * @param more settings of the cluster
   */
  public static LocalCluster start(Path folder, int slots, Configuration more) throws Exception {
    Configuration configuration = configuration(folder);
    configuration.addAll(more);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .build());
    cluster.start();
    return new LocalCluster(cluster, configuration);
  }

  /** Where the web page is. */
  public URI webPage() throws InterruptedException, ExecutionException {
    return cluster.getRestAddress().get();
  }

  /** Submits what {@code definition} adds to an environment, with one subtask each. */
  public JobID submit(String name, Consumer<StreamExecutionEnvironment> definition)
      throws InterruptedException, ExecutionException {
    return submit(name, 1, definition);
  }

  /** Submits what {@code definition} adds to an environment. */
  public JobID submit(String name, int parallelism, Consumer<StreamExecutionEnvironment> definition)
      throws InterruptedException, ExecutionException {
    StreamExecutionEnvironment env = new StreamExecutionEnvironment(configuration);
    env.setParallelism(parallelism);
    definition.accept(env);
    var graph = env.getStreamGraph();
    graph.setJobName(name);
    JobGraph job = graph.getJobGraph();
    cluster.submitJob(job).get();
    jobs.add(job.getJobID());
    return job.getJobID();
  }

  /** Whether every task of every job runs. */
  public boolean isRunning() throws InterruptedException, ExecutionException {
    for (JobID job : jobs) {
      AccessExecutionGraph graph = cluster.getExecutionGraph(job).get();
      for (AccessExecutionVertex vertex : graph.getAllExecutionVertices()) {
        if (vertex.getExecutionState() != ExecutionState.RUNNING) {
          return false;
        }
      }
    }
    return true;
  }

  /** Why a job has ended, if one has. */
  public Optional<String> failure() throws InterruptedException, ExecutionException {
    for (JobID job : jobs) {
      JobStatus status = cluster.getJobStatus(job).get();
      if (status.isGloballyTerminalState()) {
        ErrorInfo error = cluster.getExecutionGraph(job).get().getFailureInfo();
        return Optional.of(status + ": " + reason(error));
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    try {
      for (JobID job : jobs) {
        if (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
          cluster.cancelJob(job).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
      }
      cluster.closeAsync().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // It ends with the process, which is about to.
    }
  }

  private static String reason(@Nullable ErrorInfo error) {
    if (error == null) {
      return "no reason given";
    }
    Throwable deepest = error.getException();
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage());
  }

  private static Configuration configuration(Path folder) throws IOException {
    Configuration configuration = LocalFlink.configuration(folder, Ports.usualOrAny(WEB_PORT));
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL);
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        folder.resolve("checkpoints").toUri().toString());
    configuration.set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, METRICS_INTERVAL);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 2);
    return configuration;
  }
}
