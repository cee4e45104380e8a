package dev.sluice.jobs.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SceneStreamTest {
  private static final PictureEncoder RAW = (rgb, width, height, format, quality) -> rgb;

  @Test
  void shiftedScenes_showTheSameElsewhere() {
    for (int i = 0; i < 6; i++) {
      ScenePicture standard = picture(SceneSet.STANDARD, i);
      ScenePicture shifted = picture(SceneSet.SHIFTED, i);

      assertThat(shifted.caption()).isEqualTo(standard.caption());
      assertThat(shifted.scene().small()).isEqualTo(standard.scene().small());
      assertThat(shifted.scene().light().quality()).isBetween(25, 54);
      assertThat(shifted.file().bytes()).isNotEqualTo(standard.file().bytes());
    }
  }

  @Test
  void calibrationScenes_areOthers() {
    assertThat(picture(SceneSet.CALIBRATION, 0).caption())
        .isNotEqualTo(picture(SceneSet.STANDARD, 0).caption());
  }

  @Test
  void formats_areMixed_andFilesAreOfTheirFormat() {
    Set<PictureFormat> seen = EnumSet.noneOf(PictureFormat.class);
    SceneStream stream = new SceneStream(SceneSet.STANDARD, 5);
    for (int i = 0; i < 20; i++) {
      ScenePicture picture = stream.picture(i, 200, 200, new StandardPictureEncoder());
      seen.add(picture.format());
      assertThat(picture.file().bytes()[0])
          .isEqualTo(
              switch (picture.format()) {
                case JPEG -> (byte) 0xff;
                case PNG -> (byte) 0x89;
                case WEBP -> (byte) 'R';
              });
    }
    assertThat(seen).containsExactlyInAnyOrder(PictureFormat.values());
  }

  private static ScenePicture picture(SceneSet set, int number) {
    return new SceneStream(set, 9).picture(number, 240, 200, RAW);
  }
}
