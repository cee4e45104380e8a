package dev.sluice.models.families.parts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.GoldenFolders;
import dev.sluice.models.GoldenTensors;
import dev.sluice.models.HfGolden;
import dev.sluice.models.image.ImageReader;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.vision.PixelNormalizer;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The pixels of every folder whose processor makes one tile of a picture. */
class ImageProcessorGoldenTest {
  private static final double PIXELS = 1e-6;
  private static final int FEWEST_PICTURES = 3;
  private static final String[] FAMILIES = {
    "clip", "siglip", "blip_caption", "blip_itm", "vilt", "llava", "blip2", "instructblip"
  };

  @TestFactory
  Stream<DynamicTest> pictures_equalTheDefaultProcessor() throws IOException {
    List<HfGolden> folders = HfGolden.ofFamilies(FAMILIES);
    GoldenFolders.requireFixtures(folders);
    return folders.stream()
        .map(golden -> DynamicTest.dynamicTest(golden.toString(), () -> check(golden)));
  }

  private static void check(HfGolden golden) throws Exception {
    ImageProcessorConfig processor =
        ImageProcessorConfig.of(ModelDirectory.open(golden.model()), "none");
    int compared = 0;
    try (Weights owner = Weights.open(Device.CPU, Dtype.FLOAT32);
        GoldenTensors tensors = golden.tensors();
        TensorScope scope = new TensorScope()) {
      PixelNormalizer normalizer = processor.normalizer(owner);
      JsonNode pictures = golden.expected().get("image_order");
      for (int i = 0; i < pictures.size(); i++) {
        RgbImage tile = tile(golden, pictures.get(i).asText(), processor);
        compared += checkPixels(tensors, i, Tensors.toFloats(normalizer.apply(List.of(tile))));
      }
    }
    assertThat(compared).as("pictures compared").isGreaterThanOrEqualTo(FEWEST_PICTURES);
  }

  private static RgbImage tile(HfGolden golden, String picture, ImageProcessorConfig processor)
      throws Exception {
    RgbImage decoded = new ImageReader().read(golden.picture(picture));
    JsonNode hash = golden.expected().get("image_rgb_sha256").get(picture);
    assertThat(sha256(decoded)).isEqualTo(hash.get("sha256_of_RGB_bytes").asText());
    RgbImage tile = processor.slicer(new ImageReader()).slice(decoded).overview();
    assertThat(tile.size().pixels()).isLessThanOrEqualTo(processor.largestTile().pixels());
    return tile;
  }

  /** Folders name their pixels in three ways, and some hold those of a few pictures only. */
  private static int checkPixels(GoldenTensors golden, int picture, float[] found) {
    for (String name : List.of("pixel_values." + picture, "single" + picture + ".pixel_values")) {
      if (golden.has(name)) {
        golden.check(name, found, PIXELS, 0);
        return 1;
      }
    }
    for (String name : List.of("pixel_values", "inputs.pixel_values")) {
      if (golden.has(name) && picture < golden.shape(name)[0]) {
        golden.checkRow(name, picture, found, PIXELS);
        return 1;
      }
    }
    return 0;
  }

  private static String sha256(RgbImage picture) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(picture.rgb()));
  }
}
