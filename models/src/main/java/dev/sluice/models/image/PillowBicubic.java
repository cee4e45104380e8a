package dev.sluice.models.image;

import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import java.util.Arrays;

/**
 * Resizes 8-bit RGB exactly as Pillow's {@code resize(size, BICUBIC)}: antialiased, in fixed point,
 * rows first, rounded to 8 bits between the two passes. Stateless.
 *
 * <p>The published models were trained and measured on Pillow's pixels, and one level of one pixel
 * shows in a golden activation, so every bit counts here (docs/decisions/0003).
 *
 * <p>The horizontal pass widens to one int per byte and keeps only the rows that the vertical pass
 * is about to need, in a ring: the working memory is a few output rows, whatever the source's size.
 */
public final class PillowBicubic {
  private static final int HALF = 1 << (ResizeKernel.PRECISION_BITS - 1);

  private final RgbImage source;
  private final ResizeKernel across;
  private final ResizeKernel down;
  private final int rowLength;
  private final int[][] ring;
  private int rowsDone;

  private PillowBicubic(RgbImage source, Size target) {
    this.source = source;
    this.across = ResizeKernel.bicubic(source.width(), target.width());
    this.down = ResizeKernel.bicubic(source.height(), target.height());
    this.rowLength = 3 * target.width();
    this.ring = new int[down.maxTaps()][rowLength];
  }

  /** The picture at another size; the picture itself where the size is the same. */
  public static RgbImage resize(RgbImage source, Size target) {
    if (source.size().equals(target)) {
      return source;
    }
    long bytes = 3 * target.pixels();
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "resize of %s: expected a target below 2 GB, found %s".formatted(source.size(), target));
    }
    return new PillowBicubic(source, target).run(target);
  }

  private RgbImage run(Size target) {
    byte[] out = new byte[rowLength * target.height()];
    int[] sums = new int[rowLength];
    for (int y = 0; y < target.height(); y++) {
      int first = down.first(y);
      int end = first + down.taps(y);
      rowsDone = Math.max(rowsDone, first); // rows that no output row looks at are skipped
      while (rowsDone < end) {
        resampleRow(rowsDone, ring[rowsDone % ring.length]);
        rowsDone++;
      }
      sumRows(y, sums);
      store(sums, out, y * rowLength);
    }
    return new RgbImage(target.width(), target.height(), out);
  }

  /** Row y of the source at the target's width, 0 to 255. */
  private void resampleRow(int y, int[] row) {
    byte[] rgb = source.rgb();
    int offset = 3 * source.width() * y;
    if (across.isIdentity()) {
      for (int i = 0; i < row.length; i++) {
        row[i] = rgb[offset + i] & 0xff;
      }
      return;
    }
    int[] weights = across.weights();
    for (int x = 0; 3 * x < row.length; x++) {
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      int from = offset + 3 * across.first(x);
      int weight = across.offset(x);
      for (int tap = 0; tap < across.taps(x); tap++) {
        int w = weights[weight + tap];
        red += (rgb[from + 3 * tap] & 0xff) * w;
        green += (rgb[from + 3 * tap + 1] & 0xff) * w;
        blue += (rgb[from + 3 * tap + 2] & 0xff) * w;
      }
      row[3 * x] = level(red);
      row[3 * x + 1] = level(green);
      row[3 * x + 2] = level(blue);
    }
  }

  /** The weighted sum of the rows that output row y is made of, four rows at a time. */
  private void sumRows(int y, int[] sums) {
    Arrays.fill(sums, HALF);
    int[] weights = down.weights();
    int first = down.first(y);
    int offset = down.offset(y);
    int taps = down.taps(y);
    int tap = 0;
    for (; tap + 4 <= taps; tap += 4) {
      addRows(
          sums,
          ring[(first + tap) % ring.length],
          ring[(first + tap + 1) % ring.length],
          ring[(first + tap + 2) % ring.length],
          ring[(first + tap + 3) % ring.length],
          weights,
          offset + tap);
    }
    for (; tap < taps; tap++) {
      addRow(sums, ring[(first + tap) % ring.length], weights[offset + tap]);
    }
  }

  // Plain loops over int[] of one length: the JIT turns them into vector code.
  private static void addRows(
      int[] sums, int[] a, int[] b, int[] c, int[] d, int[] weights, int offset) {
    int wa = weights[offset];
    int wb = weights[offset + 1];
    int wc = weights[offset + 2];
    int wd = weights[offset + 3];
    for (int i = 0; i < sums.length; i++) {
      sums[i] += a[i] * wa + b[i] * wb + c[i] * wc + d[i] * wd;
    }
  }

  private static void addRow(int[] sums, int[] row, int weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += row[i] * weight;
    }
  }

  private static void store(int[] sums, byte[] out, int offset) {
    for (int i = 0; i < sums.length; i++) {
      out[offset + i] = (byte) level(sums[i]);
    }
  }

  private static int level(int sum) {
    return Math.max(0, Math.min(255, sum >> ResizeKernel.PRECISION_BITS));
  }
}
