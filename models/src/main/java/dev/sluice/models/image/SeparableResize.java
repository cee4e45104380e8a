package dev.sluice.models.image;

import dev.sluice.models.value.RgbImage;
import java.util.Arrays;

/**
 * One resize: rows first, rounded to 8 bits, then columns, in fixed point. Used once, by one
 * thread.
 *
 * <p>The horizontal pass widens to one int per byte and keeps only the rows that the vertical pass
 * is about to need, in a ring: the working memory is a few output rows, whatever the source's size.
 */
final class SeparableResize {
  private final RgbImage source;
  private final ResizeKernel across;
  private final ResizeKernel down;
  private final int rowLength;
  private final int[][] ring;
  private int rowsDone;

  SeparableResize(RgbImage source, ResizeKernel across, ResizeKernel down) {
    this.source = source;
    this.across = across;
    this.down = down;
    this.rowLength = 3 * across.length();
    this.ring = new int[down.maxTaps()][rowLength];
  }

  RgbImage run() {
    byte[] out = new byte[rowLength * down.length()];
    int[] sums = new int[rowLength];
    for (int y = 0; y < down.length(); y++) {
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
    return new RgbImage(across.length(), down.length(), out);
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
    int half = across.half();
    for (int x = 0; 3 * x < row.length; x++) {
      int red = half;
      int green = half;
      int blue = half;
      int from = offset + 3 * across.first(x);
      int weight = across.offset(x);
      for (int tap = 0; tap < across.taps(x); tap++) {
        int w = weights[weight + tap];
        red += (rgb[from + 3 * tap] & 0xff) * w;
        green += (rgb[from + 3 * tap + 1] & 0xff) * w;
        blue += (rgb[from + 3 * tap + 2] & 0xff) * w;
      }
      row[3 * x] = across.level(red);
      row[3 * x + 1] = across.level(green);
      row[3 * x + 2] = across.level(blue);
    }
  }

  /** The weighted sum of the rows that output row y is made of, four rows at a time. */
  private void sumRows(int y, int[] sums) {
    Arrays.fill(sums, down.half());
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

  private void store(int[] sums, byte[] out, int offset) {
    for (int i = 0; i < sums.length; i++) {
      out[offset + i] = (byte) down.level(sums[i]);
    }
  }
}
