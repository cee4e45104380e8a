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

  /** The picture with a number in the standard stream of a seed. */
  public static ScenePicture of(long seed, long number, PictureEncoder encoder) {
    return new SceneStream(SceneSet.STANDARD, seed).picture(number, encoder);
  }

  /** The picture with a number in the standard stream of a seed, at a given size. */
  public static ScenePicture of(
      long seed, long number, int width, int height, PictureEncoder encoder) {
    return new SceneStream(SceneSet.STANDARD, seed).picture(number, width, height, encoder);
  }
}
