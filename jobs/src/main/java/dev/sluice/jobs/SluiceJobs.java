package dev.sluice.jobs;

import dev.sluice.jobs.captioning.CaptioningJob;
import dev.sluice.jobs.moderation.ModerationJob;
import dev.sluice.jobs.stream.JobConfiguration;
import dev.sluice.jobs.stream.JobOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Entry point for {@code flink run}: {@code captioning|moderation [--config FILE] [-Dkey=value]…}.
 * Run by the submitting thread.
 */
public final class SluiceJobs {
  private SluiceJobs() {}

  public static void main(String[] args) throws Exception {
    StreamExecutionEnvironment env;
    try {
      env = environment(Arrays.asList(args));
    } catch (IllegalArgumentException e) {
      System.err.println("sluice: " + e.getMessage());
      System.exit(2);
      return;
    }
    env.execute("sluice " + args[0].toLowerCase(Locale.ROOT));
  }

  /** The job of these arguments, ready to be executed. */
  static StreamExecutionEnvironment environment(List<String> arguments) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("job: expected captioning or moderation, found nothing");
    }
    Configuration configuration = JobConfiguration.parse(arguments.subList(1, arguments.size()));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    JobOptions.requireCheckpoints(env);
    switch (arguments.get(0).toLowerCase(Locale.ROOT)) {
      case CaptioningJob.NAME -> CaptioningJob.define(env, configuration);
      case ModerationJob.NAME -> ModerationJob.define(env, configuration);
      default ->
          throw new IllegalArgumentException(
              "job: expected captioning or moderation, found '" + arguments.get(0) + "'");
    }
    return env;
  }
}
