package dev.sluice.operators.describe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.serde.Description.Region;
import dev.sluice.serde.Description.ScoredCaption;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptionFilterTest {
  private final CaptionFilter filter = new CaptionFilter(0.5);

  @Test
  void scoreAtTheThreshold_keepsTheCaption() {
    assertThat(filter.scored("a cat", 0.5)).isEqualTo(new ScoredCaption("a cat", 0.5, true));
    assertThat(filter.scored("a cat", 0.49)).isEqualTo(new ScoredCaption("a cat", 0.49, false));
  }

  @Test
  void captionThatNobodyScored_isKept() {
    assertThat(filter.unscored("a cat")).isEqualTo(new ScoredCaption("a cat", null, true));
  }

  @Test
  void mergePrompt_holdsWhatIsKeptWithItsPlace() {
    List<Region> regions =
        List.of(
            new Region(0, 0, 50, 40, filter.scored("a red mug", 0.9)),
            new Region(50, 0, 50, 40, filter.scored("a dog", 0.1)));

    assertThat(MergePrompt.of("Describe.", filter.unscored("two things"), regions).text())
        .isEqualTo("Describe.\nWhole: two things\n(0, 0, 50, 40): a red mug");
    assertThat(MergePrompt.of("Describe.", filter.scored("a car", 0.2), List.of()).text())
        .isEqualTo("Describe.");
  }
}
