package dev.sluice.operators.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.operators.DegradeOptions;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ImageRequest;
import dev.sluice.serde.Picture;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SliceBudgetTest {
  private static final Instant SENT = Instant.parse("2026-03-01T12:00:00Z");
  private static final SliceBudget BY_LAG =
      new SliceBudget(new DegradeOptions(Duration.ofSeconds(10), false));
  private static final SliceBudget BY_DEADLINE = new SliceBudget(new DegradeOptions(null, true));

  @ParameterizedTest
  @CsvSource({"0, 0", "9, 0", "10, 3", "19, 3", "20, 1", "30, 1", "100000000, 1"})
  void byLag_halvesTheMostSlicesAtEachBound(long seconds, int slices) {
    assertThat(slicesAt(BY_LAG, event(ImageRequest.NONE), 7, seconds)).isEqualTo(slices);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "31, 0", "33, 4", "47, 4", "49, 2", "57, 1", "63, 1", "64, 0", "100, 0"})
  void byDeadline_halvesTheMostSlicesAsTheTimeLeftHalves(long seconds, int slices) {
    ImageEvent event = event(request(SENT.plusSeconds(64), 0));

    assertThat(slicesAt(BY_DEADLINE, event, 8, seconds)).isEqualTo(slices);
  }

  @Test
  void withoutDeadlineOrBound_everyPictureIsCutAsTheModelWants() {
    assertThat(slicesAt(BY_DEADLINE, event(ImageRequest.NONE), 8, 1_000_000)).isZero();
  }

  @Test
  void fewerThanTheEventAsksFor_neverMore() {
    ImageEvent two = event(request(null, 2));

    assertThat(slicesAt(BY_LAG, two, 7, 0)).isEqualTo(2);
    assertThat(slicesAt(BY_LAG, two, 7, 10)).isEqualTo(2);
    assertThat(slicesAt(BY_LAG, two, 7, 20)).isEqualTo(1);
  }

  @Test
  void fixedNumberOfSlices_isLeftAlone() {
    assertThat(slicesAt(BY_LAG, event(ImageRequest.NONE), 0, 1_000)).isZero();
  }

  @Test
  void eventFromTheFuture_isNotLate() {
    assertThat(slicesAt(BY_LAG, event(ImageRequest.NONE), 7, -100)).isZero();
  }

  private static int slicesAt(SliceBudget budget, ImageEvent event, int most, long seconds) {
    return budget.limit(event, most, SENT.plusSeconds(seconds)).request().maxSlices();
  }

  private static ImageRequest request(Instant deadline, int maxSlices) {
    return new ImageRequest(null, null, Map.of(), 0, deadline, maxSlices);
  }

  private static ImageEvent event(ImageRequest request) {
    return ImageEvent.of(EventIdentity.of("e", SENT), Picture.ofBytes(new byte[1], null))
        .with(request);
  }
}
