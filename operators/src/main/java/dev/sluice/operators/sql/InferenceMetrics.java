package dev.sluice.operators.sql;

import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * What Flink's model functions count, under the same names (FLINK-39059); 2.3 leaves it to the
 * functions. Thread-safe: results come from any thread.
 */
final class InferenceMetrics {
  private static final int SAMPLES = 1000;

  private final Counter requests;
  private final Counter successes;
  private final Counter failures;
  private final Histogram latencyMillis;

  private InferenceMetrics(MetricGroup group) {
    this.requests = group.counter("inference_requests", new ThreadSafeSimpleCounter());
    this.successes = group.counter("inference_requests_success", new ThreadSafeSimpleCounter());
    this.failures = group.counter("inference_requests_failure", new ThreadSafeSimpleCounter());
    this.latencyMillis =
        group.histogram("inference_latency_ms", new DescriptiveStatisticsHistogram(SAMPLES));
  }

  static InferenceMetrics register(MetricGroup function) {
    return new InferenceMetrics(function.addGroup("model_inference"));
  }

  /** A request begins. */
  Request begin() {
    requests.inc();
    return new Request(System.nanoTime());
  }

  /** A request under way. Ends once. */
  final class Request {
    private final long startNanos;

    private Request(long startNanos) {
      this.startNanos = startNanos;
    }

    /**
     * @param isFailure whether there is no prediction, for whatever reason
     */
    void end(boolean isFailure) {
      (isFailure ? failures : successes).inc();
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
      synchronized (latencyMillis) {
        latencyMillis.update(millis);
      }
    }
  }
}
