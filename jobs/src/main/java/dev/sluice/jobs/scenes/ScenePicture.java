package dev.sluice.jobs.scenes;

import java.util.List;

/**
 * A scene as a picture file, with what is in it: one of an endless, mixed stream. Immutable.
 *
 * @param number in the stream
 * @param scene what is in it
 * @param format of the file
 */
public record ScenePicture(
    long number, Scene scene, int width, int height, PictureFormat format, PictureFile file) {
  private static final List<double[]> USUAL =
      List.of(
          new double[] {3, 2},
          new double[] {4, 3},
          new double[] {1, 1},
          new double[] {16, 9},
          new double[] {2, 3},
          new double[] {3, 4},
          new double[] {9, 16},
          new double[] {2, 1});
  private static final double SMALLEST = 300 * 200;
  private static final double LARGEST = 1600 * 1200;

  /** A picture's bytes; shared, not copied. Immutable by agreement. */
  public static final class PictureFile {
    private final byte[] bytes;

    PictureFile(byte[] bytes) {
      this.bytes = bytes;
    }

    /** The file; shared, not copied. */
    public byte[] bytes() {
      return bytes;
    }

    @Override
    public String toString() {
      return "PictureFile[" + bytes.length + " bytes]";
    }
  }

  /** The caption that a model should write. */
  public SceneCaption caption() {
    return SceneCaption.of(scene);
  }

  /**
   * The picture with a number in the stream of a seed: sizes from 300x200 to 1600x1200, sides from
   * 1:3 to 3:1, in mixed formats and qualities.
   */
  public static ScenePicture of(long seed, long number, PictureEncoder encoder) {
    SceneRandom random = new SceneRandom(SceneSeeds.evaluation(seed, number));
    double ratio;
    if (random.chance(0.4)) {
      ratio = StrictMath.pow(3, random.uniform(-1, 1));
    } else {
      double[] sides = USUAL.get(random.below(USUAL.size()));
      ratio = sides[0] / sides[1];
    }
    double area = StrictMath.exp(random.uniform(StrictMath.log(SMALLEST), StrictMath.log(LARGEST)));
    double width = Math.sqrt(area * ratio);
    double height = Math.sqrt(area / ratio);
    double fit =
        Math.min(1, Math.min(1600 / Math.max(width, height), 1200 / Math.min(width, height)));
    return of(
        seed,
        number,
        Math.max(200, (int) (width * fit)),
        Math.max(200, (int) (height * fit)),
        encoder);
  }

  /** The picture with a number in the stream of a seed, at a given size. */
  public static ScenePicture of(
      long seed, long number, int width, int height, PictureEncoder encoder) {
    Scene scene = SceneGenerator.scene(SceneSeeds.evaluation(seed, ~number), width, height);
    int quality = scene.light().quality();
    PictureFormat format = quality > 0 ? PictureFormat.JPEG : PictureFormat.PNG;
    byte[] rgb = SceneRenderer.render(scene, width, height);
    byte[] file = encoder.encode(rgb, width, height, format, quality);
    return new ScenePicture(number, scene, width, height, format, new PictureFile(file));
  }
}
