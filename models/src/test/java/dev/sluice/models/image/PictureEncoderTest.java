package dev.sluice.models.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import org.junit.jupiter.api.Test;

class PictureEncoderTest {
  private final ImageReader reader = new ImageReader();

  @Test
  void lossless_formats_giveTheSamePixelsBack() throws Exception {
    RgbImage picture = Pictures.noise(37, 23, 8);
    assertThat(reader.read(PictureEncoder.png(picture)).rgb()).isEqualTo(picture.rgb());
    assertThat(reader.read(PictureEncoder.losslessWebp(picture)).rgb()).isEqualTo(picture.rgb());
  }

  @Test
  void lossy_formats_comeClose() throws Exception {
    RgbImage smooth =
        PictureResizer.PILLOW_BICUBIC.resize(Pictures.noise(4, 4, 2), new Size(160, 120));
    RgbImage jpeg = reader.read(PictureEncoder.jpeg(smooth, 95));
    RgbImage webp = reader.read(PictureEncoder.webp(smooth, 95));
    assertThat(Pictures.distance(jpeg, smooth)).isLessThan(20);
    assertThat(Pictures.distance(webp, smooth)).isLessThan(30);
  }

  @Test
  void quality_outOfRange_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PictureEncoder.jpeg(Pictures.noise(2, 2, 1), 0))
        .withMessage("quality: expected 1 to 100, found 0");
  }
}
