package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FuzzTest {
  private static final Path PICTURES = Path.of("..", "models/src/test/resources/pictures/decode");

  @Test
  void brokenPictures_areReadOrRejected() throws IOException {
    FuzzRun run = new FuzzRun(mutator(7));
    for (int i = 0; i < 500; i++) {
      run.run(i);
    }
    assertThat(run.results() + run.rejections()).isEqualTo(500);
    // Both ends are reached, so that it is not the door alone that is tested.
    assertThat(run.results()).isGreaterThan(25);
    assertThat(run.rejections()).isGreaterThan(100);
  }

  @Test
  void mutant_isTheSameInEveryRun() throws IOException {
    assertThat(mutator(7).mutant(42)).isEqualTo(mutator(7).mutant(42));
    assertThat(mutator(7).mutant(42)).isNotEqualTo(mutator(8).mutant(42));
  }

  private static PictureMutator mutator(long seed) throws IOException {
    return new PictureMutator(Fuzz.originals(PICTURES), seed);
  }
}
