package dev.sluice.models.families.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.image.ImageReader;
import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.image.ResizeFilter;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import dev.sluice.models.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageProcessorConfigTest {
  private static final RgbImage WIDE = new RgbImage(800, 400, new byte[3 * 800 * 400]);

  @TempDir Path folder;

  /** What a picture of 800x400 becomes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'image_processor_type': 'CLIPImageProcessor'} | 224x224",
        "{'image_processor_type': 'CLIPImageProcessorFast', 'crop_size': 100} | 100x100",
        "{'feature_extractor_type': 'CLIPFeatureExtractor', 'size': 84, 'crop_size': 84} | 84x84",
        "{'image_processor_type': 'CLIPImageProcessor', 'size': null, 'do_resize': false} | 224x224",
        "{'image_processor_type': 'SiglipImageProcessor', 'size': 96} | 96x96",
        "{'image_processor_type': 'BlipImageProcessorPil'} | 384x384",
        "{'image_processor_type': 'BlipImageProcessor', 'size': {'height': 30, 'width': 40}} | 40x30",
        "{'image_processor_type': 'ViltImageProcessor'} | 608x320",
        "{'image_processor_type': 'ViltImageProcessor', 'size': 128, 'size_divisor': 16} | 208x96",
        "{'size': {'height': 50, 'width': 50}} | 50x50",
      })
  void slicer_keysAndClassDefaults_giveTheTile(String json, String size) throws Exception {
    assertThat(tile(config(json)).size()).hasToString(size);
  }

  @Test
  void of_layoutOfTransformers5_readsTheSameKeys() throws Exception {
    Files.writeString(
        folder.resolve("processor_config.json"),
        "{\"image_processor\": {\"image_processor_type\": \"SiglipImageProcessor\", \"size\":"
            + " {\"height\": 60, \"width\": 70}}, \"processor_class\": \"SiglipProcessor\"}");
    assertThat(tile(ImageProcessorConfig.of(ModelDirectory.open(folder), "none")).size())
        .isEqualTo(new Size(70, 60));
  }

  @Test
  void resizer_code2_isBilinear() throws Exception {
    assertThat(config("{'resample': 2}").resizer().filter()).isEqualTo(ResizeFilter.BILINEAR);
  }

  /** What the pixel 51, 76, 153 becomes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'image_mean': [0.1, 0.2, 0.3], 'image_std': 0.5} | 0.2 | 0.19607843 | 0.6",
        "{'do_normalize': false} | 0.2 | 0.29803923 | 0.6",
        "{'do_normalize': false, 'do_rescale': false} | 51 | 76 | 153",
        "{'do_normalize': false, 'rescale_factor': 0.0078125} | 0.3984375 | 0.59375 | 1.1953125",
      })
  void normalizer_flags_areFollowed(String json, float red, float green, float blue)
      throws Exception {
    assertThat(pixel(config(json), 51, 76, 153))
        .containsExactly(new float[] {red, green, blue}, within(1e-6f));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'image_processor_type': 'ConvNextImageProcessor'} | 'image_processor_type': expected one"
            + " of BlipImageProcessor, CLIPImageProcessor",
        "{'resample': 0} | 'resample': expected a whole number from 1 to 3, found 0",
        "{'size': {'longest_edge': 5}} | 'size.width': expected a whole number",
        "{'size': 100000} | 'size': expected a whole number from 1 to 16384, found 100000",
        "{'do_resize': false} | 'do_resize': expected true where do_center_crop is not",
        "{'image_mean': [0.5, 0.5]} | 'image_mean': expected 3 numbers",
        "{'rescale_factor': 0} | 'rescale_factor': expected a number",
      })
  void config_unsupported_isRefusedWithFileAndKey(String json, String message) throws Exception {
    assertThatThrownBy(
            () -> {
              ImageProcessorConfig config = config(json);
              tile(config);
              pixel(config, 1, 2, 3);
            })
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith("preprocessor_config.json: ")
        .hasMessageContaining(message);
  }

  @Test
  void slicer_tooThinPicture_isRejected() throws Exception {
    ImageProcessorConfig vilt = config("{'image_processor_type': 'ViltImageProcessor'}");
    assertThatThrownBy(
            () -> vilt.slicer(new ImageReader()).slice(new RgbImage(1, 100, new byte[300])))
        .isInstanceOf(PictureRejectedException.class)
        .hasMessageContaining("picture 1x100: too thin");
  }

  /** A folder of square pictures unless the keys say otherwise. */
  private ImageProcessorConfig config(String json) throws IOException {
    Files.writeString(folder.resolve("preprocessor_config.json"), json.replace('\'', '"'));
    return ImageProcessorConfig.of(ModelDirectory.open(folder), "BlipImageProcessor");
  }

  private static RgbImage tile(ImageProcessorConfig config) throws PictureRejectedException {
    return config.slicer(new ImageReader()).slice(WIDE).overview();
  }

  private static float[] pixel(ImageProcessorConfig config, int red, int green, int blue) {
    RgbImage picture = new RgbImage(1, 1, new byte[] {(byte) red, (byte) green, (byte) blue});
    try (Weights owner = Weights.open(Device.CPU, Dtype.FLOAT32);
        TensorScope scope = new TensorScope()) {
      return Tensors.toFloats(config.normalizer(owner).apply(List.of(picture)));
    }
  }
}
