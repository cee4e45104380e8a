package dev.sluice.operators.stage;

import dev.sluice.operators.Rejections;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.Workload;
import dev.sluice.operators.device.ModelHandle;
import dev.sluice.operators.memory.Admission;
import dev.sluice.operators.memory.AdmissionDesk;
import dev.sluice.operators.memory.Handover;
import dev.sluice.operators.reuse.ModelSettings;
import dev.sluice.operators.reuse.SharedResults;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamElement;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.jspecify.annotations.Nullable;

/**
 * Runs one step for many pictures at a time without ever holding up its task. Owned by the task
 * thread; a result from elsewhere comes in as one mail.
 *
 * <p>What has come in and not gone out is the checkpoint: events, in order. After a restore each is
 * brought up to this step's input again by the steps before it. A picture that a gated source
 * admitted is taken in at once, since the gate bounds their number. Any other waits for room, in
 * state already, by yielding to the mailbox; results wait in state while the network is full. So
 * unaligned checkpoints pass however full it is.
 */
public final class StageOperator<IN, OUT> extends AbstractStreamOperator<OUT>
    implements OneInputStreamOperator<IN, OUT>, BoundedOneInput {
  private static final String STATE_NAME = "in-flight";

  private final Stage<IN, OUT> stage;
  private final Workload workload;
  private final VisionOptions options;
  private final transient MailboxExecutor mailbox;
  private final transient TaskOutput taskOutput;
  private final transient InFlightQueue<InFlight<OUT>, StreamElement> queue;

  /** Granted on another thread, and not yet claimed by the mail that says so. */
  private final transient Set<Admission> unclaimed = ConcurrentHashMap.newKeySet();

  /** Runs mails while a picture waits for room. */
  private transient MailboxExecutor waiting;

  private transient boolean awaitsOutput;
  private transient @Nullable Services services;
  private transient @Nullable ListState<InFlightImage> state;
  private transient List<InFlightImage> restored = new ArrayList<>();
  private transient @Nullable KeptResults<OUT> keptResults;
  private transient @Nullable Answers<OUT> answers;
  private transient @Nullable StageMetrics stageMetrics;
  private transient volatile boolean closed;

  StageOperator(
      StreamOperatorParameters<OUT> parameters,
      Stage<IN, OUT> stage,
      Workload workload,
      VisionOptions options) {
    super(parameters);
    this.stage = stage;
    this.workload = workload;
    this.options = options;
    this.mailbox = parameters.getMailboxExecutor();
    this.waiting = mailbox;
    this.taskOutput =
        new TaskOutput(parameters.getContainingTask().getEnvironment().getAllWriters());
    this.queue = new InFlightQueue<>(options.order());
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    InFlightImageSerializer serializer =
        new InFlightImageSerializer(
            TypeInformation.of(ImageEvent.class)
                .createSerializer(getExecutionConfig().getSerializerConfig()));
    state =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>(STATE_NAME, serializer));
    if (context.isRestored()) {
      state.get().forEach(restored::add);
    }
    if (stage instanceof ReusableStage<IN, OUT> reusable) {
      keptResults =
          KeptResults.in(
              context.getOperatorStateStore(),
              reusable.resultType(),
              getExecutionConfig().getSerializerConfig());
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    Services.Place place =
        new Services.Place(getRuntimeContext().getJobInfo().getJobId(), getContainingTask());
    Services opened = Services.open(workload, options, place, stage.laterSteps(), () -> closed);
    services = opened;
    stageMetrics = StageMetrics.register(getMetricGroup(), opened.runtime());
    if (opened.reuse() != null
        && keptResults != null
        && stage instanceof ReusableStage<IN, OUT> reusable
        && (options.cache().sampled() || !reusable.isDrawn())) {
      answers = openAnswers(reusable, opened, keptResults);
    }
    for (InFlightImage image : restored) {
      takeIn(image, null);
    }
    restored = List.of();
    // Not before: a task that is about to start has mails that must find it started.
    waiting = taskMails();
  }

  /**
   * Where no other operator comes before this one in its task, all mails may run while it waits,
   * the task's as well, of which a checkpoint is one. Otherwise only those of this operator and of
   * later ones may: one of an earlier operator would emit into the midst of this one's work.
   */
  private MailboxExecutor taskMails() {
    return getOperatorConfig().isChainStart()
        ? getContainingTask().getMailboxExecutorFactory().createExecutor(TaskMailbox.MIN_PRIORITY)
        : mailbox;
  }

  @Override
  public void processElement(StreamRecord<IN> record) throws Exception {
    IN input = record.getValue();
    Long timestamp = record.hasTimestamp() ? record.getTimestamp() : null;
    takeIn(new InFlightImage(stage.event(input), timestamp), stage.isUncut(input) ? null : input);
  }

  @Override
  public void processWatermark(Watermark mark) {
    queue.addMark(mark, last -> last instanceof Watermark);
    emitReady();
  }

  /** Idleness keeps its place too: it must not overtake the watermarks that wait. */
  @Override
  public void processWatermarkStatus(WatermarkStatus status) {
    queue.addMark(status, last -> last instanceof WatermarkStatus);
    emitReady();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<InFlightImage> images = new ArrayList<>(queue.size());
    queue.elements().forEach(inFlight -> images.add(inFlight.image()));
    Objects.requireNonNull(state, "state").update(images);
    if (keptResults != null) {
      keptResults.update(answers == null ? List.of() : answers.kept());
    }
  }

  @Override
  public void endInput() throws Exception {
    while (!queue.isEmpty()) {
      mailbox.yield();
    }
  }

  @Override
  public void close() throws Exception {
    closed = true;
    queue.elements().forEach(InFlight::close);
    unclaimed.forEach(Admission::close);
    if (services != null) {
      services.close();
      services = null;
    }
    super.close();
  }

  /**
   * @param input null where it has to be made again
   */
  private void takeIn(InFlightImage image, @Nullable IN input) throws Exception {
    InFlight<OUT> inFlight = new InFlight<>(image);
    // In state before it may have to wait: a checkpoint may come meanwhile.
    InFlightQueue.Slot<InFlight<OUT>> slot = queue.add(inFlight);
    metrics().cameIn(image.event());
    inFlight.admit(admit(image.event()));
    var unused =
        resultOf(image.event(), input, inFlight.admission())
            .whenComplete(
                (value, failure) ->
                    tell(
                        () -> {
                          inFlight.end(Outcome.of(image.event(), stage.stage(), value, failure));
                          if (value != null) {
                            ModelHandle model = services().models().first();
                            inFlight.admission().shrinkBy(stage.sparedBytes(value, model));
                          }
                          if (stage.laterSteps() == 0) {
                            // What only waits for its turn must not keep others from working.
                            inFlight.admission().shrinkTo(ImageWork.bytesInState(image.event()));
                          }
                          slot.finish();
                          emitReady();
                        }));
  }

  private Answers<OUT> openAnswers(
      ReusableStage<IN, OUT> reusable, Services opened, KeptResults<OUT> kept) throws Exception {
    ModelHandle model = opened.models().first();
    Questions questions =
        new Questions(reusable, model, ModelSettings.digest(workload.first(), model.info()));
    SharedResults<OUT> results =
        Objects.requireNonNull(opened.reuse(), "reuse")
            .decide(
                getOperatorID(),
                questions::of,
                () ->
                    new SharedResults<>(
                        options.cache().limits(), System::currentTimeMillis, kept::sizeOf));
    int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    kept.restoreInto(results, subtask);
    return new Answers<>(
        results,
        new Answers.Terms<>(reusable, questions::keyOf, this::admission, subtask),
        ReuseMetrics.register(getMetricGroup(), results),
        this::tell);
  }

  private CompletableFuture<OUT> resultOf(
      ImageEvent event, @Nullable IN input, Admission admission) {
    Function<Admission, CompletableFuture<OUT>> computation = cover -> compute(event, input, cover);
    if (answers == null) {
      return computation.apply(admission);
    }
    return input == null
        ? answers.ofEvent(event, admission, computation)
        : answers.ofInput(event, admission, computation);
  }

  private CompletableFuture<OUT> compute(
      ImageEvent event, @Nullable IN input, Admission admission) {
    ImageWork work = services().workUnder(admission);
    // The device computes under a share of its own: it may still be at it when the task is gone.
    Admission computing = admission.share();
    CompletableFuture<IN> ready =
        input == null ? stage.recover(event, work) : CompletableFuture.completedFuture(input);
    return ready
        .thenCompose(present -> stage.process(present, work))
        .whenComplete((value, failure) -> computing.close());
  }

  private Admission admit(ImageEvent event) throws InterruptedException {
    AdmissionDesk desk = services().desk();
    // First of all: what the sender holds out may be gone after a yield.
    Optional<Admission> offered = desk.takeOffered(event.eventId());
    if (offered.isPresent()) {
      return offered.get();
    }
    // It is in the queue itself.
    while (queue.size() > options.capacity()) {
      waiting.yield();
    }
    CompletableFuture<Admission> admitted = admission(event);
    while (!admitted.isDone()) {
      waiting.yield();
    }
    try {
      return admitted.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException never ? never : e;
    }
  }

  /** A new admission; completes on the task thread. */
  private CompletableFuture<Admission> admission(ImageEvent event) {
    CompletableFuture<Admission> granted =
        services().desk().admit(event.picture().byteLength(), () -> closed);
    if (granted.isDone()) {
      return granted;
    }
    CompletableFuture<Admission> admitted = new CompletableFuture<>();
    var unused =
        granted.whenComplete(
            (admission, failure) -> {
              if (admission != null) {
                unclaimed.add(admission);
              }
              tell(
                  () -> {
                    if (admission == null) {
                      admitted.completeExceptionally(failure);
                    } else if (unclaimed.remove(admission)) {
                      admitted.complete(admission);
                    }
                  });
              if (closed && admission != null) {
                admission.close();
              }
            });
    return admitted;
  }

  /** Emits one that may leave; others follow in mails of their own, so that nothing waits long. */
  private void emitReady() {
    if (awaitsOutput) {
      return;
    }
    if (!taskOutput.isAvailable()) {
      awaitsOutput = true;
      var unused = taskOutput.available().whenComplete((done, failure) -> tell(this::emitAgain));
      return;
    }
    InFlightQueue.Leaving<InFlight<OUT>, StreamElement> leaving = queue.next();
    if (leaving == null) {
      return;
    }
    InFlight<OUT> inFlight = leaving.element();
    if (leaving.mark() instanceof Watermark watermark) {
      output.emitWatermark(watermark);
    } else if (leaving.mark() instanceof WatermarkStatus status) {
      output.emitWatermarkStatus(status);
    } else if (inFlight != null) {
      try (Admission admission = inFlight.admission()) {
        emit(inFlight, admission);
      }
    }
    if (queue.isReady()) {
      tell(this::emitReady);
    }
  }

  private void emitAgain() {
    awaitsOutput = false;
    emitReady();
  }

  private void emit(InFlight<OUT> inFlight, Admission admission) {
    InFlightImage image = inFlight.image();
    metrics().left(image.event());
    Outcome<OUT> outcome = inFlight.outcome();
    Rejection rejection = outcome.rejection();
    if (rejection == null) {
      OUT value = Objects.requireNonNull(outcome.value(), "value");
      metrics().worked(stage.workMicros(value), inFlight.ageNanos());
      if (stage.isDegraded(value)) {
        metrics().degraded();
      }
      StreamRecord<OUT> record = timed(value, image);
      Handover.during(image.event().eventId(), admission, () -> output.collect(record));
    } else {
      metrics().rejected(rejection.category());
      output.collect(Rejections.TAG, timed(rejection, image));
    }
  }

  private static <T> StreamRecord<T> timed(T value, InFlightImage image) {
    Long timestamp = image.timestamp();
    return timestamp == null ? new StreamRecord<>(value) : new StreamRecord<>(value, timestamp);
  }

  /** Puts one mail; from any thread. */
  private void tell(Runnable mail) {
    if (closed) {
      return;
    }
    try {
      mailbox.execute(mail::run, "sluice %s", stage.stage());
    } catch (RejectedExecutionException e) {
      // The task is ending: nobody wants the result.
      LOG.debug("{}: a result came after the end", stage.stage());
    }
  }

  private Services services() {
    return Objects.requireNonNull(services, "open() has not been called");
  }

  private StageMetrics metrics() {
    return Objects.requireNonNull(stageMetrics, "open() has not been called");
  }
}
