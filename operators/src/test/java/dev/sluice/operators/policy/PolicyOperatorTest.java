package dev.sluice.operators.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.operators.FakeDevice;
import dev.sluice.operators.PolicyStatuses;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.decode.JudgeStage;
import dev.sluice.operators.decode.ShadowStage;
import dev.sluice.operators.slice.SliceStage;
import dev.sluice.operators.stage.StageOperatorFactory;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.Picture;
import dev.sluice.serde.PolicyAssignment;
import dev.sluice.serde.PolicyStatus;
import dev.sluice.serde.SlicedImage;
import dev.sluice.serde.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class PolicyOperatorTest {
  private static final Instant NOON = FakeFeed.WRITTEN;
  private static final int MAX_PARALLELISM = 16;

  private FakeDevice device;
  private FakeFeed feed;

  @BeforeEach
  void nameDevice(TestInfo test) {
    device = FakeDevice.named(test.getDisplayName());
    feed = FakeFeed.named(test.getDisplayName());
  }

  @Test
  void policiesThatAreThere_areKnownBeforeTheFirstPicture() throws Exception {
    feed.send(policy("2", "cat", "'effectiveFrom':'2026-03-01T12:00:00Z'"));
    feed.send(policy("3", "cat", "'effectiveFrom':'2026-03-01T12:00:10Z'"));
    try (var harness = operator(1, 0)) {
      harness.open();
      harness.processElement(event("late", NOON.minusSeconds(1)), 1);
      harness.processElement(event("b", NOON), 2);
      harness.processElement(event("c", NOON.plusSeconds(10)), 3);

      assertThat(versions(harness)).containsExactly("1", "2", "3");
      assertThat(harness.getRecordOutput())
          .extracting(StreamRecord::getTimestamp)
          .containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void changeWhileItRuns_takesEffect() throws Exception {
    try (var harness = operator(1, 0)) {
      harness.open();
      harness.processElement(event("a", NOON), 1);
      feed.send(policy("2", "cat", "'mode':'decide'"));
      awaitStatuses(harness, 1);
      harness.processElement(event("b", NOON), 2);

      assertThat(versions(harness)).containsExactly("1", "2");
    }
  }

  @Test
  void invalidPolicies_areRejectedWithTheReasonAndTheOldOneStays() throws Exception {
    try (var harness = operator(1, 0)) {
      harness.open();
      feed.send("not JSON");
      feed.send(policy("2", "newt", "'mode':'decide'"));
      feed.send(policy("1", "dog", "'mode':'decide'"));
      feed.send(policy("3", "cow", "'mode':'decide'"));
      awaitStatuses(harness, 4);
      harness.processElement(event("a", NOON), 1);

      assertThat(statuses(harness))
          .extracting(status -> status.origin().offset(), PolicyStatus::isAccepted)
          .containsExactly(tuple(0L, false), tuple(1L, false), tuple(2L, false), tuple(3L, true));
      assertThat(statuses(harness).get(1).reason())
          .isEqualTo(
              "policy 'animals' version '2': the model cannot be asked it: options begin with the"
                  + " same token: [newt, none]");
      assertThat(statuses(harness).get(2).reason()).contains("new version");
      assertThat(versions(harness)).containsExactly("3");
    }
  }

  @Test
  void restoredAtAnotherParallelism_everySubtaskKnowsAndTheFirstAloneGoesOnTelling()
      throws Exception {
    feed.send(policy("2", "cat", "'mode':'decide'"));
    List<OperatorSubtaskState> states = new ArrayList<>();
    for (int subtask = 0; subtask < 2; subtask++) {
      try (var harness = operator(2, subtask)) {
        harness.open();
        assertThat(statuses(harness)).hasSize(subtask == 0 ? 1 : 0);
        states.add(harness.snapshot(1, 1));
      }
    }
    OperatorSubtaskState state =
        AbstractStreamOperatorTestHarness.repackageState(
            states.toArray(OperatorSubtaskState[]::new));
    feed.send(policy("3", "cat", "'mode':'shadow'"));
    for (int subtask = 0; subtask < 3; subtask++) {
      try (var harness = operator(3, subtask)) {
        harness.initializeState(
            AbstractStreamOperatorTestHarness.repartitionOperatorState(
                state, MAX_PARALLELISM, 2, 3, subtask));
        harness.open();
        harness.processElement(event("a", NOON), 1);

        PolicyAssignment settled = settled(harness).get(0);
        assertThat(settled.deciding().version()).isEqualTo("2");
        assertThat(Objects.requireNonNull(settled.shadow()).version()).isEqualTo("3");
        assertThat(statuses(harness))
            .extracting(status -> status.origin().offset())
            .isEqualTo(subtask == 0 ? List.of(1L) : List.of());
      }
    }
  }

  @Test
  void feedThatCannotBeRead_failsTheTaskWithTheReason() throws Exception {
    PolicyFeed broken =
        offsets -> {
          throw new IOException("topic 'policies': there is none");
        };
    try (var harness = operator(broken, 1, 0)) {
      assertThatThrownBy(harness::open)
          .hasMessageContaining("policies: cannot be followed: topic 'policies': there is none");
    }
  }

  @Test
  void restoredPicture_isJudgedByThePolicyItCameInUnder() throws Exception {
    ImageEvent event =
        event("a", NOON).with(new PolicyAssignment(animals("7", 0.95), animals("8", 0.1)));
    OperatorSubtaskState state;
    try (var harness =
        new OneInputStreamOperatorTestHarness<ImageEvent, SlicedImage>(
            new StageOperatorFactory<>(
                new SliceStage(), device.model(8), VisionOptions.DEFAULTS))) {
      harness.open();
      harness.processElement(event, 1);
      state = harness.snapshot(1, 1);
    }
    try (var harness = judge()) {
      harness.initializeState(state);
      harness.open();
      harness.endInput();
      assertThat(harness.extractOutputValues())
          .extracting(Verdict::policyVersion, Verdict::decision)
          .containsExactly(tuple("7", Verdict.Decision.REVIEW));
    }
    try (var harness =
        new OneInputStreamOperatorTestHarness<EncodedImage, List<Verdict>>(
            new StageOperatorFactory<>(
                new ShadowStage(), device.model(8), VisionOptions.DEFAULTS))) {
      harness.initializeState(state);
      harness.open();
      harness.endInput();
      assertThat(harness.extractOutputValues())
          .singleElement()
          .satisfies(
              shadows ->
                  assertThat(shadows)
                      .extracting(Verdict::policyVersion, Verdict::decision)
                      .containsExactly(tuple("8", Verdict.Decision.BLOCK)));
    }
  }

  private OneInputStreamOperatorTestHarness<EncodedImage, Verdict> judge() throws Exception {
    return new OneInputStreamOperatorTestHarness<>(
        new StageOperatorFactory<>(
            new JudgeStage(List.of(animals("1", 0.8))), device.model(8), VisionOptions.DEFAULTS));
  }

  private OneInputStreamOperatorTestHarness<ImageEvent, ImageEvent> operator(
      int parallelism, int subtask) throws Exception {
    return operator(feed, parallelism, subtask);
  }

  private OneInputStreamOperatorTestHarness<ImageEvent, ImageEvent> operator(
      PolicyFeed policies, int parallelism, int subtask) throws Exception {
    return new OneInputStreamOperatorTestHarness<>(
        new PolicyOperatorFactory(
            policies, List.of(animals("1", 0.8)), device.model(8), VisionOptions.DEFAULTS),
        MAX_PARALLELISM,
        parallelism,
        subtask);
  }

  /** Runs the task's mails until so many changes have come to an end. */
  private static void awaitStatuses(
      OneInputStreamOperatorTestHarness<ImageEvent, ImageEvent> harness, int count)
      throws Exception {
    while (statuses(harness).size() < count) {
      harness.getTaskMailbox().take(0).run();
    }
  }

  private static List<PolicyStatus> statuses(
      OneInputStreamOperatorTestHarness<ImageEvent, ImageEvent> harness) {
    ConcurrentLinkedQueue<StreamRecord<PolicyStatus>> statuses =
        harness.getSideOutput(PolicyStatuses.TAG);
    return statuses == null ? List.of() : statuses.stream().map(StreamRecord::getValue).toList();
  }

  private static List<String> versions(
      OneInputStreamOperatorTestHarness<ImageEvent, ImageEvent> harness) {
    return settled(harness).stream().map(settled -> settled.deciding().version()).toList();
  }

  private static List<PolicyAssignment> settled(
      OneInputStreamOperatorTestHarness<ImageEvent, ImageEvent> harness) {
    Collection<ImageEvent> events = harness.extractOutputValues();
    return events.stream().map(event -> Objects.requireNonNull(event.policies())).toList();
  }

  private static ImageEvent event(String id, Instant time) {
    return ImageEvent.of(
        EventIdentity.of(id, time),
        Picture.ofBytes("cat".getBytes(StandardCharsets.UTF_8), "image/png"));
  }

  private static ModerationPolicy animals(String version, double blockThreshold) {
    return new ModerationPolicy(
        "animals",
        version,
        "what is it?",
        List.of("cat", "none"),
        "none",
        List.of(new ModerationPolicy.Label("CAT", "cat", 0.05, blockThreshold)));
  }

  private static String policy(String version, String option, String more) {
    return """
        {'id':'animals','version':'%s','question':'what is it?','options':['%s','none'],
         'neutralOption':'none',%s,
         'labels':[{'code':'%s','reviewThreshold':0.5,'blockThreshold':0.8}]}
        """
        .formatted(version, option, more, option)
        .replace('\'', '"');
  }
}
