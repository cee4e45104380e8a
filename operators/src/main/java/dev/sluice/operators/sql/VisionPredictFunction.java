package dev.sluice.operators.sql;

import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.Workload;
import dev.sluice.operators.device.DeviceMetrics;
import dev.sluice.operators.memory.Admission;
import dev.sluice.operators.sql.SqlOptions.OnRejection;
import dev.sluice.operators.stage.ImageServices;
import dev.sluice.operators.stage.Outcome;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Rejection;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.functions.AsyncPredictFunction;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * One row, one prediction, on the engine of this process. Owned by the task thread, which it never
 * holds up; results come from any thread.
 *
 * <p>Flink's operator around it bounds the rows in flight, keeps them in its state and asks again
 * after a restore. Their memory is admitted here, as that of any picture.
 */
public final class VisionPredictFunction extends AsyncPredictFunction {
  private static final long serialVersionUID = 1L;

  private final Settings<?> settings;
  private transient volatile boolean closed;
  private transient @Nullable ImageServices services;
  private transient @Nullable InferenceMetrics metrics;

  /**
   * What a model in SQL is. Immutable.
   *
   * @param name as the catalog has it
   */
  record Settings<T>(
      String name,
      ModelRef model,
      Predictor<T> predictor,
      SqlColumns columns,
      OnRejection onRejection)
      implements Serializable {}

  VisionPredictFunction(Settings<?> settings) {
    this.settings = settings;
  }

  @Override
  public void open(FunctionContext context) throws Exception {
    super.open(context);
    open(context.getMetricGroup());
  }

  /**
   * Becomes a user of the model and waits until it is loaded.
   *
   * @throws IOException if it cannot be loaded, with the reason
   */
  void open(MetricGroup group) throws IOException, InterruptedException {
    // All steps are done here: none comes later, in another task.
    Workload workload = new Workload(List.of(new Workload.Share(settings.model(), 1)), 0);
    services =
        ImageServices.open(workload, VisionOptions.DEFAULTS, workload.laterSteps(), () -> closed);
    metrics = InferenceMetrics.register(group);
    DeviceMetrics.register(group.addGroup("sluice"), services.runtime());
  }

  /** As Flink's own, whose message would hold the whole row, picture and all. */
  @Override
  public void eval(CompletableFuture<Collection<RowData>> future, Object... args) {
    var unused =
        asyncPredict(GenericRowData.of(args))
            .whenComplete(
                (rows, failure) -> {
                  if (failure == null) {
                    future.complete(rows);
                  } else {
                    future.completeExceptionally(failure);
                  }
                });
  }

  @Override
  public CompletableFuture<Collection<RowData>> asyncPredict(RowData inputRow) {
    Optional<ImageEvent> event = settings.columns().event(inputRow, settings.name());
    return event.isPresent()
        ? predict(event.get())
        : CompletableFuture.completedFuture(List.of(settings.columns().row(Map.of())));
  }

  @Override
  public void close() throws Exception {
    closed = true;
    if (services != null) {
      services.close();
      services = null;
    }
    super.close();
  }

  private CompletableFuture<Collection<RowData>> predict(ImageEvent event) {
    ImageServices uses = Objects.requireNonNull(services, "open() has not been called");
    InferenceMetrics.Request request = Objects.requireNonNull(metrics, "metrics").begin();
    return uses.desk()
        .admit(event.picture().byteLength(), () -> closed)
        .thenCompose(admission -> predict(event, uses, admission))
        .handle(
            (values, failure) -> {
              request.end(failure != null);
              return List.of(settings.columns().row(valuesOr(event, values, failure)));
            });
  }

  private CompletableFuture<Map<String, Object>> predict(
      ImageEvent event, ImageServices uses, Admission admission) {
    return settings
        .predictor()
        .predict(event, uses.work())
        .whenComplete((values, failure) -> admission.close());
  }

  private Map<String, Object> valuesOr(
      ImageEvent event, @Nullable Map<String, Object> values, @Nullable Throwable failure) {
    Outcome<Map<String, Object>> outcome =
        Outcome.of(event, settings.predictor().stage().stage(), values, failure);
    Rejection rejection = outcome.rejection();
    if (rejection == null) {
      return Objects.requireNonNull(outcome.value(), "values");
    }
    String reason = rejection.category() + ": " + rejection.message();
    if (settings.onRejection() == OnRejection.FAIL) {
      throw new FlinkRuntimeException(
          "model %s: a picture cannot be processed: %s; '%s' = 'NULL' lets the job go on"
              .formatted(settings.name(), reason, SqlOptions.ON_REJECTION.key()));
    }
    return Map.of(SqlTask.REJECTION.name(), StringData.fromString(reason));
  }
}
