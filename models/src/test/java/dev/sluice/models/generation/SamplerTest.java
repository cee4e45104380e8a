package dev.sluice.models.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.value.Sampling;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final float[] LOGITS = {
    (float) Math.log(0.5), (float) Math.log(0.3), (float) Math.log(0.15), (float) Math.log(0.05)
  };

  @Test
  void zeroTemperature_takesTheLikeliest() {
    assertThat(draw(Sampling.LIKELIEST, 3)).containsOnly(0);
  }

  @Test
  void logProbabilities_areNormalised() {
    float[] unnormalised = {1, 2, 3};
    double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
    assertThat(LogProbabilities.of(unnormalised, 1)).isCloseTo(2 - Math.log(sum), within(1e-12));
    assertThat(LogProbabilities.of(unnormalised)[2])
        .isCloseTo((float) (3 - Math.log(sum)), within(1e-6f));
  }

  @Test
  void sameSeed_givesTheSameTokens() {
    assertThat(draw(new Sampling(1, 0, 1, 42), 50))
        .isEqualTo(draw(new Sampling(1, 0, 1, 42), 50))
        .isNotEqualTo(draw(new Sampling(1, 0, 1, 43), 50));
  }

  @Test
  void topK_keepsTheLikeliest() {
    assertThat(draw(new Sampling(1, 2, 1, 1), 300)).containsOnly(0, 1);
  }

  @Test
  void topP_keepsTheFewestThatReachIt() {
    assertThat(draw(new Sampling(1, 0, 0.79, 1), 300)).containsOnly(0, 1);
    assertThat(draw(new Sampling(1, 0, 0.81, 1), 300)).containsOnly(0, 1, 2);
    assertThat(draw(new Sampling(1, 0, 0.01, 1), 300)).containsOnly(0);
  }

  @Test
  void frequencies_followTheProbabilities() {
    List<Integer> ids = draw(new Sampling(1, 0, 1, 7), 20_000);
    for (int id = 0; id < LOGITS.length; id++) {
      int wanted = id;
      double share = ids.stream().filter(drawn -> drawn == wanted).count() / 20_000.0;
      assertThat(share).isCloseTo(Math.exp(LOGITS[id]), within(0.015));
    }
  }

  private static List<Integer> draw(Sampling options, int times) {
    Sampler sampler = new Sampler(options);
    return IntStream.range(0, times).mapToObj(i -> sampler.choose(LOGITS)).toList();
  }
}
