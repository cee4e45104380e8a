package dev.sluice.jobs.scenes;

import java.util.List;

/** The size of a picture in the mixed stream. Immutable. */
record PictureSize(int width, int height) {
  private static final List<Double> USUAL_RATIOS =
      List.of(3 / 2.0, 4 / 3.0, 1.0, 16 / 9.0, 2 / 3.0, 3 / 4.0, 9 / 16.0, 2.0);
  private static final double SMALLEST = 300.0 * 200;
  private static final double LARGEST = 1600.0 * 1200;
  private static final int SHORTEST_SIDE = 200;

  /** Areas from 300x200 to 1600x1200, evenly by their logarithm; sides from 1:3 to 3:1. */
  static PictureSize of(SceneRandom random) {
    double ratio =
        random.chance(0.4)
            ? StrictMath.pow(3, random.uniform(-1, 1))
            : USUAL_RATIOS.get(random.below(USUAL_RATIOS.size()));
    double area = StrictMath.exp(random.uniform(StrictMath.log(SMALLEST), StrictMath.log(LARGEST)));
    double width = Math.sqrt(area * ratio);
    double height = Math.sqrt(area / ratio);
    double fit =
        Math.min(1, Math.min(1600 / Math.max(width, height), 1200 / Math.min(width, height)));
    return new PictureSize(
        Math.max(SHORTEST_SIDE, (int) (width * fit)),
        Math.max(SHORTEST_SIDE, (int) (height * fit)));
  }
}
