package dev.sluice.benchmarks;

import dev.sluice.models.image.ImageLimits;
import dev.sluice.models.image.ImageReader;
import dev.sluice.models.image.ImageSlicer;
import dev.sluice.models.image.Orientation;
import dev.sluice.models.image.PictureDetail;
import dev.sluice.models.image.ReadPicture;
import dev.sluice.models.image.SliceStrategy;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.SlicedPicture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long a file takes to become LLaVA-UHD's slices, exactly and scaled, and how near the scaled
 * ones are. Used by one thread; bind the process to one core.
 */
public final class SliceCost {
  private static final int WARM_UP = 5;

  private SliceCost() {}

  /**
   * @param args rounds, then picture files
   */
  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    for (String name : List.of(args).subList(1, args.length)) {
      byte[] file = Files.readAllBytes(Path.of(name));
      for (SliceStrategy strategy :
          List.of(SliceStrategy.LLAVA_UHD, SliceStrategy.LLAVA_UHD_EVAL)) {
        SlicedPicture exact = measure(name, file, strategy, PictureDetail.EXACT, rounds);
        SlicedPicture scaled = measure(name, file, strategy, PictureDetail.SCALED, rounds);
        System.out.printf(Locale.ROOT, "  %.1f dB between them%n", decibels(exact, scaled));
      }
    }
  }

  private static SlicedPicture measure(
      String name, byte[] file, SliceStrategy strategy, PictureDetail detail, int rounds)
      throws Exception {
    ImageSlicer slicer =
        new ImageSlicer(
            new ImageReader(ImageLimits.DEFAULT, Orientation.APPLY, detail), strategy.planner());
    double[] read = new double[rounds];
    double[] whole = new double[rounds];
    SlicedPicture sliced = slicer.slice(file);
    for (int i = -WARM_UP; i < rounds; i++) {
      long start = System.nanoTime();
      ReadPicture picture = slicer.readToSlice(file, null);
      long cut = System.nanoTime();
      sliced = slicer.slice(picture);
      if (i >= 0) {
        read[i] = (cut - start) / 1e6;
        whole[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%s %s %s: %.1f ms, of these %.1f reading (medians of %d)%n",
        Path.of(name).getFileName(),
        strategy,
        detail,
        median(whole),
        median(read),
        rounds);
    return sliced;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  /** Peak signal to noise over all tiles. */
  private static double decibels(SlicedPicture exact, SlicedPicture scaled) {
    List<RgbImage> expected = tiles(exact);
    List<RgbImage> found = tiles(scaled);
    double squares = 0;
    long levels = 0;
    for (int i = 0; i < expected.size(); i++) {
      byte[] a = expected.get(i).rgb();
      byte[] b = found.get(i).rgb();
      for (int at = 0; at < a.length; at++) {
        int difference = (a[at] & 0xff) - (b[at] & 0xff);
        squares += (double) difference * difference;
      }
      levels += a.length;
    }
    return 10 * Math.log10(255.0 * 255.0 * levels / squares);
  }

  private static List<RgbImage> tiles(SlicedPicture picture) {
    List<RgbImage> tiles = new ArrayList<>(picture.slices());
    tiles.add(picture.overview());
    return tiles;
  }
}
