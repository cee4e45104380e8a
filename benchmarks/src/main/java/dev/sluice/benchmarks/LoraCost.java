package dev.sluice.benchmarks;

import dev.sluice.models.layers.PatchGrid;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.vision.PixelNormalizer;
import dev.sluice.models.vision.QwenVisionTransformer;
import dev.sluice.models.vision.TileGroup;
import dev.sluice.models.vision.VisionConfig;
import dev.sluice.models.vision.VisionTower;
import dev.sluice.models.weights.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What Monkey's adapters add to the encoding of a picture: its tower at full width with two layers,
 * with and without them, in turns. Used by one thread.
 */
public final class LoraCost {
  private static final int LAYERS = 2;
  private static final int TILE = 448;
  private static final PatchGrid GRID = new PatchGrid(32, 32);
  private static final VisionConfig CONFIG =
      new VisionConfig(
          MonkeyFolder.VISION_WIDTH,
          MonkeyFolder.VISION_HIDDEN,
          LAYERS,
          MonkeyFolder.VISION_HEADS,
          224,
          14,
          1e-6,
          "gelu");

  private LoraCost() {}

  /**
   * @param args pictures of a batch (default 1), rounds (9), type (bfloat16)
   */
  public static void main(String[] args) throws Exception {
    int pictures = args.length > 0 ? Integer.parseInt(args[0]) : 1;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 9;
    Dtype dtype = Dtype.parse(args.length > 2 ? args[2] : Dtype.BFLOAT16.label());
    int threads = TorchRuntime.initialise();
    Path file = Files.createTempFile("sluice-lora-cost", ".safetensors");
    try {
      RandomShard shard = new RandomShard(1);
      MonkeyFolder.tower(shard, "", LAYERS);
      shard.write(file);
      try (Weights weights = Weights.open(Device.CPU, dtype, file);
          TorchRuntime.Inference inference = TorchRuntime.inference();
          TensorScope scope = new TensorScope()) {
        VisionTower base = QwenVisionTransformer.load(weights, CONFIG, 0);
        VisionTower adapted = QwenVisionTransformer.load(weights, CONFIG, MonkeyFolder.WINDOWS);
        List<TileGroup> tiles = tiles(weights, pictures * (MonkeyFolder.WINDOWS + 1));
        print(pictures, threads, dtype, measure(rounds, base, adapted, tiles));
      }
    } finally {
      Files.delete(file);
    }
  }

  /** Seconds of each round. */
  private record Rounds(List<Double> base, List<Double> adapted) {}

  /** In turns, so that what slows the machine down slows both; the first round warms up. */
  private static Rounds measure(
      int rounds, VisionTower base, VisionTower adapted, List<TileGroup> tiles) {
    seconds(base, tiles);
    seconds(adapted, tiles);
    Rounds measured = new Rounds(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < rounds; i++) {
      measured.base().add(seconds(base, tiles));
      measured.adapted().add(seconds(adapted, tiles));
    }
    return measured;
  }

  private static double seconds(VisionTower tower, List<TileGroup> tiles) {
    long start = System.nanoTime();
    try (TensorScope scope = new TensorScope()) {
      tower.apply(tiles);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static List<TileGroup> tiles(Weights weights, int count) {
    SplittableRandom random = new SplittableRandom(1);
    List<RgbImage> tiles = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] rgb = new byte[3 * TILE * TILE];
      random.nextBytes(rgb);
      tiles.add(new RgbImage(TILE, TILE, rgb));
    }
    PixelNormalizer normalizer =
        new PixelNormalizer(weights, PixelNormalizer.CLIP_MEAN, PixelNormalizer.CLIP_DEVIATION);
    return List.of(new TileGroup(GRID, normalizer.apply(tiles)));
  }

  private static void print(int pictures, int threads, Dtype dtype, Rounds rounds) {
    double base = median(rounds.base());
    double adapted = median(rounds.adapted());
    System.out.printf(
        Locale.ROOT,
        "{\"pictures\":%d,\"tiles\":%d,\"layers\":%d,\"threads\":%d,\"dtype\":\"%s\","
            + "\"rounds\":%d,\"baseSeconds\":%.4f,\"adaptedSeconds\":%.4f,\"overhead\":%.4f}%n",
        pictures,
        pictures * (MonkeyFolder.WINDOWS + 1),
        LAYERS,
        threads,
        dtype.label(),
        rounds.base().size(),
        base,
        adapted,
        adapted / base - 1);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
