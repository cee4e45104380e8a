package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.ScenePicture.PictureFile;

/**
 * An endless stream of pictures by number: sizes from 300x200 to 1600x1200, sides from 1:3 to 3:1,
 * in mixed formats and qualities. Immutable.
 *
 * @param seed whatever a person types
 */
public record SceneStream(SceneSet set, long seed) {
  private static final long FORMAT = 0x666F726D;
  private static final double WEBP_SHARE = 0.2;

  /** The picture with a number. */
  public ScenePicture picture(long number, PictureEncoder encoder) {
    PictureSize size = PictureSize.of(new SceneRandom(sceneSeed(number)));
    return picture(number, size.width(), size.height(), encoder);
  }

  /** The picture with a number, at a given size. */
  public ScenePicture picture(long number, int width, int height, PictureEncoder encoder) {
    long sceneSeed = sceneSeed(~number);
    Scene plain = SceneGenerator.scene(sceneSeed, width, height);
    Scene scene = set == SceneSet.SHIFTED ? ShiftedScene.of(plain, sceneSeed) : plain;
    PictureFormat format = format(sceneSeed, scene.light().quality());
    byte[] rgb = SceneRenderer.render(scene, width, height);
    byte[] file = encoder.encode(rgb, width, height, format, scene.light().quality());
    return new ScenePicture(number, scene, width, height, format, new PictureFile(file));
  }

  private long sceneSeed(long number) {
    return switch (set) {
      case STANDARD, SHIFTED -> SceneSeeds.evaluation(seed, number);
      case CALIBRATION -> SceneSeeds.calibration(seed, number);
    };
  }

  private static PictureFormat format(long sceneSeed, int quality) {
    if (quality == 0) {
      return PictureFormat.PNG;
    }
    return new SceneRandom(SceneRandom.mix(sceneSeed, FORMAT)).chance(WEBP_SHARE)
        ? PictureFormat.WEBP
        : PictureFormat.JPEG;
  }
}
