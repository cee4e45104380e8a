package dev.sluice.operators.reuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.operators.CacheOptions;
import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Rejection.Category;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SharedResultsTest {
  private static final ResultKey KEY = new ResultKey("a", 1, "question");

  private final SharedResults<String> results =
      new SharedResults<>(
          new CacheOptions.Limits(9, 9_000, Duration.ofSeconds(1)), () -> 0, String::length);

  @Test
  void firstLeads_othersFollow_laterOnesKnow() {
    Lead<String> lead = lead("first");
    CompletableFuture<Optional<String>> second = follow("second");
    CompletableFuture<Optional<String>> third = follow("third");
    assertThat(second).isNotDone();

    lead.land("cat", 0);

    assertThat(second).isCompletedWithValue(Optional.of("cat"));
    assertThat(third).isCompletedWithValue(Optional.of("cat"));
    assertThat(results.claim(KEY, "fourth")).isEqualTo(new Claim.Known<>("cat"));
  }

  @Test
  void leaderAsksAgain_stillLeads() {
    lead("first");
    assertThat(results.claim(KEY, "first")).isInstanceOf(Claim.Leading.class);
    assertThat(results.claim(KEY, "second")).isInstanceOf(Claim.Following.class);
  }

  @Test
  void abandoned_oneOfThoseWhoWaitedLeadsAndTheOthersFollowIt() {
    Lead<String> lead = lead("first");
    CompletableFuture<Optional<String>> second = follow("second");
    CompletableFuture<Optional<String>> third = follow("third");

    lead.abandon();
    assertThat(second).isCompletedWithValue(Optional.empty());
    assertThat(third).isCompletedWithValue(Optional.empty());

    Lead<String> next = lead("second");
    CompletableFuture<Optional<String>> thirdAgain = follow("third");
    next.land("cat", 0);
    assertThat(thirdAgain).isCompletedWithValue(Optional.of("cat"));
  }

  @Test
  void endOfAnEarlierFlight_doesNotEndALaterOne() {
    Lead<String> first = lead("first");
    first.abandon();
    lead("second");
    CompletableFuture<Optional<String>> third = follow("third");

    first.abandon();
    first.land("stale", 0);

    assertThat(third).isNotDone();
    assertThat(results.entries()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Category.class,
      names = {"UNREADABLE_IMAGE", "TOO_LARGE", "UNSUPPORTED", "POISON"})
  void rejectedForItsPicture_othersAreRejectedAlike(Category category) {
    Lead<String> lead = lead("first");
    CompletableFuture<Optional<String>> second = follow("second");

    lead.reject(new ImageRejectedException(category, "why").at(Rejection.Stage.SLICE));

    assertThatThrownBy(second::join)
        .cause()
        .isInstanceOfSatisfying(
            ImageRejectedException.class,
            same -> {
              assertThat(same.category()).isEqualTo(category);
              assertThat(same.stageOr(Rejection.Stage.DECODE)).isEqualTo(Rejection.Stage.SLICE);
              assertThat(same).hasMessage("why");
            });
    assertThat(results.claim(KEY, "third")).isInstanceOf(Claim.Leading.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Category.class,
      names = {"UNREADABLE_IMAGE", "TOO_LARGE", "UNSUPPORTED", "POISON"},
      mode = EnumSource.Mode.EXCLUDE)
  void rejectedForAnotherReason_othersTryThemselves(Category category) {
    Lead<String> lead = lead("first");
    CompletableFuture<Optional<String>> second = follow("second");

    lead.reject(new ImageRejectedException(category, "why"));

    assertThat(second).isCompletedWithValue(Optional.empty());
  }

  private Lead<String> lead(String event) {
    return ((Claim.Leading<String>) results.claim(KEY, event)).lead();
  }

  private CompletableFuture<Optional<String>> follow(String event) {
    return ((Claim.Following<String>) results.claim(KEY, event)).landing();
  }
}
