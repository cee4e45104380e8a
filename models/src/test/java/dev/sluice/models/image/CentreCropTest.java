package dev.sluice.models.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CentreCropTest {
  private static final Size SIZE = new Size(7, 5);

  /** Of a picture of 7x5 whose pixels count from 1, as transformers cuts it. */
  @ParameterizedTest
  @CsvSource({
    "4, 2, 9 10 11 12  16 17 18 19",
    "4, 8, 0 0 0 0  2 3 4 5  9 10 11 12  16 17 18 19  23 24 25 26  30 31 32 33  0 0 0 0  0 0 0 0",
    "9, 3, 0 8 9 10 11 12 13 14 0  0 15 16 17 18 19 20 21 0  0 22 23 24 25 26 27 28 0",
  })
  void of_countedPixels_keepsTheMiddle(int width, int height, String levels) {
    RgbImage cropped = CentreCrop.of(counted(), new Size(width, height));
    assertThat(cropped.size()).isEqualTo(new Size(width, height));
    String[] expected = levels.trim().split(" +", -1);
    for (int i = 0; i < cropped.rgb().length; i++) {
      assertThat(cropped.rgb()[i]).as("byte %d", i).isEqualTo(Byte.parseByte(expected[i / 3]));
    }
  }

  @Test
  void of_sameSize_isThePictureItself() {
    RgbImage picture = counted();
    assertThat(CentreCrop.of(picture, SIZE)).isSameAs(picture);
  }

  private static RgbImage counted() {
    byte[] rgb = new byte[Math.toIntExact(3 * SIZE.pixels())];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 + 1);
    }
    return new RgbImage(SIZE.width(), SIZE.height(), rgb);
  }
}
