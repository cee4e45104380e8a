package dev.sluice.benchmarks.load;

import dev.sluice.operators.VisionOptions.Chaining;
import java.time.Duration;

/**
 * What a job is put through. Immutable.
 *
 * @param pictures what is sent
 * @param job how the job runs
 * @param idle how long the job is watched with nothing to do
 * @param capacity how long it is measured what the job can take
 * @param times how many times that is offered
 * @param load for how long
 * @param backlog what becomes of what has not been worked on when the load ends
 * @param half how long half of the capacity is offered in the end
 */
public record LoadPlan(
    LoadPictures.Kind pictures,
    Job job,
    Duration idle,
    Duration capacity,
    double times,
    Duration load,
    Backlog backlog,
    Duration half) {

  /**
   * How the job runs. Immutable.
   *
   * @param inFlight sluice.capacity
   * @param checkpointInterval also the interval of the transactions
   */
  public record Job(int subtasks, Chaining chaining, int inFlight, Duration checkpointInterval) {}

  /** What has not been worked on when the load ends. */
  public enum Backlog {
    /** Is worked on, however long that takes. */
    WORKED_OFF,
    /** Is of no use any more: its deadline is the end of the load, and it ends as TIMEOUT. */
    EXPIRES
  }
}
