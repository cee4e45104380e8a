package dev.sluice.benchmarks;

import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.files.FileRun;
import dev.sluice.jobs.local.ProcessMemory;
import dev.sluice.models.image.PictureEncoder;
import dev.sluice.models.value.RgbImage;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionOptions;
import dev.sluice.serde.Rejection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * How the process's resident memory grows while small pictures pass the operators. Used by one
 * thread.
 *
 * <p>The Java heap is given its full size at the start ({@code benchmarks/run}), so that what grows
 * is native: tensors, pictures, tokenizers.
 */
public final class ResidentMemory implements FileRun.Sink {
  private static final int DISTINCT = 60;
  private static final int EVERY = 1_000;

  private final int early;
  private final long start = System.nanoTime();
  private long earlyKib;
  private int results;

  private ResidentMemory(int early) {
    this.early = early;
  }

  /**
   * @param args how many pictures (default 20,000), and after how many to look first (2,000)
   */
  public static void main(String[] args) throws Exception {
    int total = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
    int early = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
    Path folder = Files.createTempDirectory("sluice-resident-memory");
    try {
      List<Path> files = repeat(write(folder), total);
      ResidentMemory measured = new ResidentMemory(early);
      ModelRef model = ModelRef.of(EmbeddedModel.directory().toString());
      new FileRun(model, VisionOptions.DEFAULTS).caption(files, Optional.empty(), measured);
      measured.print(total);
    } finally {
      try (var files = Files.list(folder)) {
        files.forEach(ResidentMemory::delete);
      }
      Files.delete(folder);
    }
  }

  @Override
  public void result(String json) {
    results++;
    if (results == early) {
      earlyKib = ProcessMemory.residentBytes() >> 10;
    }
    if (results % EVERY == 0) {
      System.err.printf(
          Locale.ROOT,
          "%d pictures, %d MiB resident%n",
          results,
          ProcessMemory.residentBytes() >> 20);
    }
  }

  @Override
  public void rejection(Rejection rejection) {
    throw new IllegalStateException("expected captions alone, found: " + rejection.message());
  }

  private void print(int total) {
    long lateKib = ProcessMemory.residentBytes() >> 10;
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "{\"pictures\":%d,\"results\":%d,\"residentMibAt%d\":%.1f,\"residentMibAtEnd\":%.1f,"
            + "\"ratio\":%.4f,\"imagesPerSecond\":%.1f}%n",
        total,
        results,
        early,
        earlyKib / 1024.0,
        lateKib / 1024.0,
        (double) lateKib / earlyKib,
        results / seconds);
  }

  private static List<Path> write(Path folder) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < DISTINCT; i++) {
      RgbImage image = picture(random);
      byte[] encoded =
          switch (i % 3) {
            case 0 -> PictureEncoder.jpeg(image, 80);
            case 1 -> PictureEncoder.png(image);
            default -> PictureEncoder.webp(image, 80);
          };
      files.add(Files.write(folder.resolve("picture-" + i), encoded));
    }
    return files;
  }

  /** A soft gradient with some noise, 48 to 144 pixels a side. */
  private static RgbImage picture(SplittableRandom random) {
    int width = random.nextInt(48, 145);
    int height = random.nextInt(48, 145);
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 % width + i / 3 / width + random.nextInt(24));
    }
    return new RgbImage(width, height, rgb);
  }

  private static List<Path> repeat(List<Path> files, int total) {
    List<Path> all = new ArrayList<>(total);
    for (int i = 0; i < total; i++) {
      all.add(files.get(i % files.size()));
    }
    return all;
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException("temporary file " + file + ": cannot be deleted", e);
    }
  }
}
