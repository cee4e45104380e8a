package dev.sluice.jobs.scenes;

/**
 * A scene as a picture file, with what is in it: one of an endless, mixed stream. Immutable.
 *
 * @param number in the stream
 * @param scene what is in it
 * @param format of the file
 */
public record ScenePicture(
    long number, Scene scene, int width, int height, PictureFormat format, PictureFile file) {
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
    PictureSize size = PictureSize.of(new SceneRandom(SceneSeeds.evaluation(seed, number)));
    return of(seed, number, size.width(), size.height(), encoder);
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
