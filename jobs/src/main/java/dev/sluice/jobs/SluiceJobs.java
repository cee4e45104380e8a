package dev.sluice.jobs;

import dev.sluice.jobs.stream.JobConfiguration;
import dev.sluice.jobs.stream.JobOptions;
import dev.sluice.jobs.stream.WrongOptionsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Entry point for {@code flink run}: {@code captioning|moderation|describe [--config FILE]
 * [-Dkey=value]…}. Run by the submitting thread.
 */
public final class SluiceJobs {
  private SluiceJobs() {}

  /**
   * @throws ProgramParametrizationException for wrong options, one sentence each; Flink's client
   *     prints them and nothing else
   */
  public static void main(String[] args) throws Exception {
    StreamExecutionEnvironment env;
    try {
      env = environment(Arrays.asList(args));
    } catch (IllegalArgumentException e) {
      throw new ProgramParametrizationException(e.getMessage());
    }
    env.execute("sluice " + args[0].toLowerCase(Locale.ROOT));
  }

  /**
   * The job of these arguments, ready to be executed. Options that they do not give are taken from
   * Flink's own configuration.
   *
   * @throws WrongOptionsException if there is anything wrong with them
   */
  static StreamExecutionEnvironment environment(List<String> arguments) {
    String name = arguments.isEmpty() ? "nothing" : arguments.get(0);
    Optional<SubmittedJob> named = SubmittedJob.named(name);
    JobConfiguration given =
        JobConfiguration.parse(arguments.subList(Math.min(1, arguments.size()), arguments.size()));
    List<String> problems = new ArrayList<>();
    if (named.isEmpty()) {
      problems.add("job: expected captioning, moderation or describe, found " + name);
    }
    problems.addAll(given.problems());

    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(given.shownByFlink());
    Configuration all = Configuration.fromMap(env.getConfiguration().toMap());
    all.addAll(given.options());
    named.ifPresent(job -> problems.addAll(job.problems(all)));
    if (!problems.isEmpty()) {
      throw new WrongOptionsException(problems);
    }
    JobOptions.requireCheckpoints(env);
    named.orElseThrow().define(env, all);
    return env;
  }
}
