package dev.sluice.operators.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.memory.LeaseRequest.Precedence;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.operators.CacheOptions;
import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.operators.memory.Admission;
import dev.sluice.operators.memory.AdmissionDesk;
import dev.sluice.operators.memory.CostCorrection;
import dev.sluice.operators.memory.ImageBytes;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Rejection.Category;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReuseTest {
  private static final ImageEvent EVENT =
      ImageEvent.of(
          EventIdentity.of("e", Instant.EPOCH), Picture.ofBytes(new byte[3], null, "a".repeat(64)));
  private static final ResultKey KEY = ResultKey.of(EVENT, "caption").orElseThrow();

  private final AdmissionDesk desk =
      new AdmissionDesk(
          new MemoryLedger("cpu", 1000),
          "model",
          new ImageBytes(10, 5, 0),
          new CostCorrection(),
          Precedence.NEW);
  private final Reuse slice = Reuse.join("job", this);
  private final Reuse decode = Reuse.join("job", this);

  @AfterEach
  void close() {
    slice.close();
    decode.close();
  }

  @Test
  void nobodyDecidesHere_everyPictureIsCut() {
    assertThat(slice.lead(EVENT, admit())).isPresent();
    assertThat(slice.lead(EVENT, admit())).isPresent();
  }

  @Test
  void secondOfAPicture_isSpared() {
    decide("caption");
    assertThat(slice.lead(EVENT, admit())).isPresent();
    assertThat(slice.lead(EVENT, admit())).isEmpty();
  }

  @Test
  void stepOfAnotherChain_isNotAsked() {
    decide("caption");
    try (Reuse apart = Reuse.join("job", "another task")) {
      assertThat(apart.lead(EVENT, admit())).isPresent();
      assertThat(apart.lead(EVENT, admit())).isPresent();
    }
    assertThat(slice.lead(EVENT, admit()).orElseThrow().leads()).hasSize(1);
  }

  @Test
  void pictureIsCut_whileOneStepHasNoResult() {
    SharedResults<String> captions = decide("caption");
    captions.restore(new SharedResults.Kept<>(KEY, "cat", 0), 0);
    assertThat(slice.lead(EVENT, admit())).isEmpty();

    decide("judge");
    assertThat(slice.lead(EVENT, admit()).orElseThrow().leads()).hasSize(1);
    assertThat(slice.lead(EVENT, admit())).isEmpty();
  }

  @Test
  void stepThatReusesNothing_hasEveryPictureCut() {
    decide("caption");
    decode.<String>decide("drawn", event -> Optional.empty(), ReuseTest::results);
    assertThat(slice.lead(EVENT, admit())).isPresent();
    assertThat(slice.lead(EVENT, admit())).isPresent();
  }

  @Test
  void leaderThatLeavesTheProcess_givesUp() {
    SharedResults<String> captions = decide("caption");
    Admission leader = admit();
    slice.lead(EVENT, leader);
    var landing = ((Claim.Following<String>) captions.claim(KEY, "second")).landing();
    Admission next = leader.share();
    leader.close();
    assertThat(landing).isNotDone();
    next.close();
    assertThat(landing).isCompletedWithValue(Optional.empty());
  }

  @Test
  void leaderWithABrokenPicture_tellsAllSteps() {
    SharedResults<String> captions = decide("caption");
    Leads leads = slice.lead(EVENT, admit()).orElseThrow();
    var landing = ((Claim.Following<String>) captions.claim(KEY, "second")).landing();
    leads.reject(new ImageRejectedException(Category.UNREADABLE_IMAGE, "not a picture"));
    assertThat(landing).isCompletedExceptionally();
  }

  @Test
  void lastSubtaskOfAStepLeaves_itsResultsAreDropped() {
    decide("caption").restore(new SharedResults.Kept<>(KEY, "cat", 0), 0);
    assertThat(slice.lead(EVENT, admit())).isEmpty();
    decode.close();
    decode.close();
    assertThat(slice.lead(EVENT, admit())).isPresent();
  }

  private SharedResults<String> decide(String step) {
    return decode.decide(step, event -> Optional.of(step), ReuseTest::results);
  }

  private static SharedResults<String> results() {
    return new SharedResults<>(
        new CacheOptions.Limits(9, 9_000, Duration.ofSeconds(1)), () -> 0, String::length);
  }

  private Admission admit() {
    return desk.admit(3, () -> false).join();
  }
}
