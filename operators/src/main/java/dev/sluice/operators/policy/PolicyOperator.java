package dev.sluice.operators.policy;

import dev.sluice.operators.ModelRef;
import dev.sluice.operators.PolicyStatuses;
import dev.sluice.operators.VisionOptions;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.PolicyAssignment;
import dev.sluice.serde.PolicyChange;
import dev.sluice.serde.PolicyStatus;
import dev.sluice.serde.RecordOrigin;
import dev.sluice.serde.flink.RecordTypes;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.function.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/**
 * Settles which policies a picture is judged by, when it comes in. Owned by the task thread; what
 * the feed brings comes in as mails.
 *
 * <p>Every subtask reads the whole feed, in the task of the source: a picture goes on within the
 * call that brought it. What it is judged by travels with it, so that it is the same after a
 * restore. The first subtask alone says what became of changes, and alone writes state, which all
 * read: what it said and what is known are of the same checkpoint, at any parallelism.
 */
final class PolicyOperator extends AbstractStreamOperator<ImageEvent>
    implements OneInputStreamOperator<ImageEvent, ImageEvent> {
  private static final String CHANGES = "policy-changes";
  private static final String OFFSETS = "next-offsets";

  private final PolicyFeed feed;
  private final ModelRef model;
  private final VisionOptions options;
  private final PolicyTimeline timeline;
  private final transient MailboxExecutor mailbox;
  private final transient Map<Integer, Long> nextOffsets = new HashMap<>();

  private transient @Nullable ListState<PolicyChange> changesState;
  private transient @Nullable ListState<Map<Integer, Long>> offsetsState;
  private transient @Nullable PolicyMetrics policyMetrics;
  private transient @Nullable PolicyFollower follower;
  private transient boolean caughtUp;
  private transient volatile boolean closed;

  PolicyOperator(
      StreamOperatorParameters<ImageEvent> parameters,
      PolicyFeed feed,
      List<ModerationPolicy> initial,
      ModelRef model,
      VisionOptions options) {
    super(parameters);
    this.feed = feed;
    this.model = model;
    this.options = options;
    this.timeline = new PolicyTimeline(initial);
    this.mailbox = parameters.getMailboxExecutor();
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    changesState =
        context
            .getOperatorStateStore()
            .getUnionListState(
                new ListStateDescriptor<>(CHANGES, RecordTypes.POLICY_CHANGE.createSerializer()));
    offsetsState =
        context
            .getOperatorStateStore()
            .getUnionListState(
                new ListStateDescriptor<>(
                    OFFSETS, new MapSerializer<>(IntSerializer.INSTANCE, LongSerializer.INSTANCE)));
    if (context.isRestored()) {
      for (PolicyChange change : changesState.get()) {
        timeline.restore(change);
      }
      offsetsState.get().forEach(nextOffsets::putAll);
    }
  }

  /** Waits until the policies are known that there are; what is in flight may end meanwhile. */
  @Override
  public void open() throws Exception {
    super.open();
    policyMetrics = PolicyMetrics.register(getMetricGroup());
    policyMetrics.knows(timeline.changes().size());
    follower =
        PolicyFollower.start(
            feed, nextOffsets, ModelCheck.open(model, options, () -> closed), new Mails());
    while (!caughtUp) {
      mailbox.yield();
    }
  }

  @Override
  public void processElement(StreamRecord<ImageEvent> record) {
    ImageEvent event = record.getValue();
    PolicyAssignment settled = timeline.assignment(event).orElse(null);
    output.collect(settled == null ? record : record.replace(event.with(settled)));
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    ListState<PolicyChange> changes = Objects.requireNonNull(changesState, "state");
    ListState<Map<Integer, Long>> offsets = Objects.requireNonNull(offsetsState, "state");
    changes.update(isFirst() ? timeline.changes() : List.of());
    offsets.update(isFirst() ? List.of(new HashMap<>(nextOffsets)) : List.of());
  }

  @Override
  public void close() throws Exception {
    closed = true;
    if (follower != null) {
      follower.close();
      follower = null;
    }
    super.close();
  }

  private void apply(CheckedPolicy found) {
    RecordOrigin origin = found.record().origin();
    nextOffsets.put(origin.partition(), origin.offset() + 1);
    String problem = found.problem();
    if (found.change() != null && problem == null) {
      try {
        timeline.apply(found.change());
      } catch (IllegalArgumentException e) {
        problem = String.valueOf(e.getMessage());
      }
    }
    PolicyStatus status =
        new PolicyStatus(
            origin,
            found.record().time(),
            found.change() == null ? null : PolicyStatus.Change.of(found.change()),
            problem);
    count(status);
    if (isFirst()) {
      tell(status);
    }
  }

  private void count(PolicyStatus status) {
    PolicyMetrics counted = Objects.requireNonNull(policyMetrics, "open() has not been called");
    if (status.isAccepted()) {
      counted.applied();
    } else {
      counted.rejected();
    }
    counted.knows(timeline.changes().size());
  }

  private void tell(PolicyStatus status) {
    if (status.isAccepted()) {
      LOG.info("policy at {}: accepted, {}", status.origin(), status.change());
    } else {
      LOG.warn("policy at {}: rejected, {}", status.origin(), status.reason());
    }
    output.collect(PolicyStatuses.TAG, new StreamRecord<>(status));
  }

  private boolean isFirst() {
    return getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0;
  }

  /** Puts what the follower finds on the task thread. */
  private final class Mails implements PolicyFollower.Listener {
    @Override
    public void found(CheckedPolicy policy) {
      put(() -> apply(policy));
    }

    @Override
    public void caughtUp() {
      put(() -> caughtUp = true);
    }

    @Override
    public void failed(Throwable failure) {
      put(
          () -> {
            throw new IOException("policies: cannot be followed: " + failure.getMessage(), failure);
          });
    }

    private void put(ThrowingRunnable<Exception> mail) {
      try {
        mailbox.execute(mail, "sluice policies");
      } catch (RejectedExecutionException e) {
        LOG.debug("policies: a change came after the end");
      }
    }
  }
}
