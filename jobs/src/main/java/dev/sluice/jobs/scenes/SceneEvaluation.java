package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.SceneReader.Reading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A model measured on scenes that it was not trained on: they are drawn, read and compared.
 * Immutable.
 *
 * @param outcomes one for each picture, in the stream's order
 */
public record SceneEvaluation(SceneFigures figures, List<SceneOutcome> outcomes) {
  public SceneEvaluation {
    outcomes = List.copyOf(outcomes);
  }

  /**
   * Draws the first pictures of a stream and has them read.
   *
   * @param count how many pictures
   * @param batch how many are read together, at most
   */
  public static SceneEvaluation run(
      SceneReader reader, PictureEncoder encoder, SceneStream stream, int count, int batch) {
    if (count < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "evaluation: expected at least 1 picture and 1 a batch, found %d and %d"
              .formatted(count, batch));
    }
    List<SceneOutcome> outcomes = new ArrayList<>();
    long readNanos = 0;
    for (int first = 0; first < count; first += batch) {
      List<ScenePicture> drawn = new ArrayList<>();
      for (int i = first; i < Math.min(count, first + batch); i++) {
        drawn.add(stream.picture(i, encoder));
      }
      List<byte[]> files = drawn.stream().map(p -> p.file().bytes()).toList();
      long start = System.nanoTime();
      List<Reading> readings = reader.read(files);
      readNanos += System.nanoTime() - start;
      if (readings.size() != drawn.size()) {
        throw new IllegalStateException(
            "evaluation: expected %d readings, found %d".formatted(drawn.size(), readings.size()));
      }
      for (int i = 0; i < drawn.size(); i++) {
        outcomes.add(SceneOutcome.of(drawn.get(i), readings.get(i)));
      }
    }
    return new SceneEvaluation(SceneFigures.of(stream, outcomes, readNanos), outcomes);
  }

  /** The outcomes with the most faults, the worst first; none without a fault. */
  public List<SceneOutcome> worst(int most) {
    return outcomes.stream()
        .filter(outcome -> outcome.faults() > 0)
        .sorted(Comparator.comparingDouble(SceneOutcome::faults).reversed())
        .limit(most)
        .toList();
  }
}
