package dev.sluice.operators.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ImageRequest;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.Picture;
import dev.sluice.serde.PolicyAssignment;
import dev.sluice.serde.PolicyChange;
import dev.sluice.serde.PolicyChange.Mode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyTimelineTest {
  private final PolicyTimeline timeline = new PolicyTimeline(List.of(policy("a", "1")));

  @Test
  void change_appliesFromItsTimeOn() {
    timeline.apply(decide("a", "2", 100));

    assertThat(versionsAt(99)).isEqualTo("1");
    assertThat(versionsAt(100)).isEqualTo("2");
    assertThat(versionsAt(1_000)).isEqualTo("2");
  }

  @Test
  void changeThatComesLater_mayLieBetweenOthers() {
    timeline.apply(decide("a", "3", 200));
    timeline.apply(decide("a", "2", 100));

    assertThat(versionsAt(150)).isEqualTo("2");
    assertThat(versionsAt(200)).isEqualTo("3");
  }

  @Test
  void shadow_standsBesideItsOwnIdUntilItEnds() {
    timeline.apply(new PolicyChange("a", Mode.SHADOW, time(100), policy("a", "2")));
    timeline.apply(new PolicyChange("b", Mode.SHADOW, time(100), policy("b", "1")));
    timeline.apply(new PolicyChange("a", Mode.OFF, time(300), null));

    assertThat(versionsAt(99)).isEqualTo("1");
    assertThat(versionsAt(100)).isEqualTo("1 in whose shadow 2");
    assertThat(versionsAt(300)).isEqualTo("1");
  }

  @Test
  void shadowThatIsPromoted_isAskedOnce() {
    timeline.apply(new PolicyChange("a", Mode.SHADOW, time(100), policy("a", "2")));
    timeline.apply(decide("a", "2", 200));

    assertThat(versionsAt(150)).isEqualTo("1 in whose shadow 2");
    assertThat(versionsAt(200)).isEqualTo("2");
  }

  @Test
  void eventThatAsks_getsTheIdItAsksForOrNothing() {
    timeline.apply(decide("b", "7", 100));

    assertThat(versions(event(100, "b"))).isEqualTo("7");
    assertThat(timeline.assignment(event(99, "b"))).isEmpty();
    assertThat(timeline.assignment(event(100, "c"))).isEmpty();
  }

  @Test
  void versionWithAnotherContent_isRefusedAndTheOldOneStays() {
    timeline.apply(decide("a", "2", 100));
    ModerationPolicy other =
        new ModerationPolicy("a", "2", "what else?", options(), "none", labels());

    assertThatThrownBy(() -> timeline.apply(new PolicyChange("a", Mode.DECIDE, time(200), other)))
        .hasMessage(
            "policy 'a': expected a new version for a new content, found version '2' again");
    assertThatThrownBy(() -> timeline.apply(new PolicyChange("a", Mode.SHADOW, time(200), other)))
        .hasMessageContaining("new version");
    assertThat(timeline.assignment(event(200, null)).orElseThrow().deciding())
        .isEqualTo(policy("a", "2"));
  }

  @Test
  void endOfAShadowThatThereIsNot_isRefused() {
    assertThatThrownBy(() -> timeline.apply(new PolicyChange("a", Mode.OFF, time(200), null)))
        .hasMessage("policy 'a': expected a shadow to end, found none");
  }

  @Test
  void oldestChange_goesWhenThereAreTooMany() {
    for (int i = 0; i < PolicyTimeline.MAX_CHANGES + 1; i++) {
      timeline.apply(decide("a", "v" + i, i));
    }

    assertThat(timeline.changes()).hasSize(PolicyTimeline.MAX_CHANGES);
    assertThat(versionsAt(0)).isEqualTo("1");
    assertThat(versionsAt(1)).isEqualTo("v1");
  }

  @Test
  void tooManyIds_areRefused() {
    for (int i = 0; i < PolicyTimeline.MAX_IDS; i++) {
      timeline.apply(decide("id" + i, "1", 100));
    }

    assertThatThrownBy(() -> timeline.apply(decide("b", "1", 100)))
        .hasMessage("policy 'b': expected at most 1000 ids, found one more");
    timeline.apply(decide("id7", "2", 200));
    assertThat(versions(event(200, "id7"))).isEqualTo("2");
  }

  @Property(tries = 200)
  void anyOrder_andAnyRestore_knowTheSame(
      @ForAll @Size(max = 20) List<@IntRange(max = 500) Integer> times, @ForAll long seed) {
    PolicyTimeline inOrder = new PolicyTimeline(List.of(policy("a", "1")));
    List<PolicyChange> changes = new ArrayList<>();
    for (int time : times.stream().distinct().toList()) {
      changes.add(decide("a", "v" + time, time));
    }
    changes.forEach(inOrder::apply);
    PolicyTimeline shuffled = new PolicyTimeline(List.of(policy("a", "1")));
    Collections.shuffle(changes, new Random(seed));
    changes.forEach(shuffled::apply);
    PolicyTimeline restored = new PolicyTimeline(List.of(policy("a", "1")));
    inOrder.changes().forEach(restored::restore);

    for (int time = 0; time <= 500; time += 25) {
      assertThat(shuffled.assignment(event(time, null)))
          .isEqualTo(inOrder.assignment(event(time, null)));
      assertThat(restored.assignment(event(time, null)))
          .isEqualTo(inOrder.assignment(event(time, null)));
    }
  }

  private String versionsAt(long millis) {
    return versions(event(millis, null));
  }

  private String versions(ImageEvent event) {
    PolicyAssignment found = timeline.assignment(event).orElseThrow();
    return found.shadow() == null
        ? found.deciding().version()
        : found.deciding().version() + " in whose shadow " + found.shadow().version();
  }

  private static PolicyChange decide(String id, String version, long millis) {
    return new PolicyChange(id, Mode.DECIDE, time(millis), policy(id, version));
  }

  private static ImageEvent event(long millis, @Nullable String policyId) {
    return ImageEvent.of(EventIdentity.of("e", time(millis)), Picture.ofBytes(new byte[] {1}, null))
        .with(new ImageRequest(null, policyId, Map.of(), 0, null, 0));
  }

  private static Instant time(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  private static ModerationPolicy policy(String id, String version) {
    return new ModerationPolicy(id, version, "what is it?", options(), "none", labels());
  }

  private static List<String> options() {
    return List.of("cat", "none");
  }

  private static List<ModerationPolicy.Label> labels() {
    return List.of(new ModerationPolicy.Label("CAT", "cat", 0.5, 0.8));
  }
}
