package dev.sluice.models.image;

import dev.sluice.models.value.RgbImage;
import java.util.Arrays;
import java.util.List;

/**
 * One resize: rows first, rounded to 8 bits, then columns, in fixed point. Used once, by one
 * thread.
 *
 * <p>Both passes add up multiples of whole arrays, which the JIT turns into vector code: the
 * vertical one of rows, the horizontal one of the columns of a strip of rows. A column is taken out
 * of the picture once for all the sizes that it is brought to. Rows and columns are kept in rings
 * as long as somebody needs them: the working memory is a few of each, whatever the source's size.
 */
final class SeparableResize {
  /** Most rows of a strip: enough for vectors, few enough for the innermost cache. */
  private static final int STRIP = 128;

  private final ResizeKernel across;
  private final ResizeKernel down;
  private final int[][] rows; // ring: levels at the target's width
  private final int[] rowSums;
  private final byte[] out;
  private int nextColumn;
  private int nextRow;

  SeparableResize(ResizeKernel across, ResizeKernel down) {
    this.across = across;
    this.down = down;
    this.rowSums = new int[3 * across.length()];
    this.rows = new int[down.maxTaps() + STRIP][rowSums.length];
    this.out = new byte[rowSums.length * down.length()];
  }

  /** Runs all resizes of a picture in one pass over it. */
  static void run(RgbImage source, List<SeparableResize> resizes) {
    int height = Math.min(STRIP, source.height());
    int taps = resizes.stream().mapToInt(resize -> resize.across.maxTaps()).max().orElse(1);
    int[][] columns = new int[taps][3 * height]; // ring: red, green, blue of the strip's rows
    int[] sums = new int[3 * height];
    for (int top = 0; top < source.height(); top += height) {
      int bottom = Math.min(top + height, source.height());
      for (int x = 0; x < source.width(); x++) {
        readColumn(source, x, top, bottom, columns[x % taps]);
        for (SeparableResize resize : resizes) {
          resize.sumColumns(columns, x + 1, sums, top, bottom);
        }
      }
      for (SeparableResize resize : resizes) {
        resize.sumRows(bottom);
      }
    }
  }

  RgbImage result() {
    return new RgbImage(across.length(), down.length(), out);
  }

  private static void readColumn(RgbImage source, int x, int top, int bottom, int[] column) {
    byte[] rgb = source.rgb();
    int rowLength = 3 * source.width();
    int height = column.length / 3;
    int at = rowLength * top + 3 * x;
    for (int r = 0; r < bottom - top; r++) {
      column[r] = rgb[at] & 0xff;
      column[height + r] = rgb[at + 1] & 0xff;
      column[2 * height + r] = rgb[at + 2] & 0xff;
      at += rowLength;
    }
  }

  /** The output columns that source columns before {@code end} suffice for, in the strip's rows. */
  private void sumColumns(int[][] columns, int end, int[] sums, int top, int bottom) {
    while (nextColumn < across.length() && across.end(nextColumn) <= end) {
      sum(sums, columns, across, nextColumn);
      across.toLevels(sums);
      storeColumn(sums, top, bottom);
      nextColumn++;
    }
  }

  private void storeColumn(int[] levels, int top, int bottom) {
    int height = levels.length / 3;
    int at = 3 * nextColumn;
    int ring = top % rows.length;
    for (int r = 0; r < bottom - top; r++) {
      int[] row = rows[ring];
      row[at] = levels[r];
      row[at + 1] = levels[height + r];
      row[at + 2] = levels[2 * height + r];
      ring = ring + 1 == rows.length ? 0 : ring + 1;
    }
  }

  /** The output rows that source rows before {@code end} suffice for. */
  private void sumRows(int end) {
    nextColumn = 0;
    while (nextRow < down.length() && down.end(nextRow) <= end) {
      sum(rowSums, rows, down, nextRow);
      down.toLevels(rowSums);
      int offset = nextRow * rowSums.length;
      for (int i = 0; i < rowSums.length; i++) {
        out[offset + i] = (byte) rowSums[i];
      }
      nextRow++;
    }
  }

  /** The weighted sum of the lines that an output position is made of, four lines at a time. */
  private static void sum(int[] sums, int[][] ring, ResizeKernel kernel, int position) {
    Arrays.fill(sums, kernel.half());
    int[] weights = kernel.weights();
    int first = kernel.first(position);
    int offset = kernel.offset(position);
    int taps = kernel.taps(position);
    int tap = 0;
    for (; tap + 4 <= taps; tap += 4) {
      addLines(
          sums,
          ring[(first + tap) % ring.length],
          ring[(first + tap + 1) % ring.length],
          ring[(first + tap + 2) % ring.length],
          ring[(first + tap + 3) % ring.length],
          weights,
          offset + tap);
    }
    for (; tap < taps; tap++) {
      addLine(sums, ring[(first + tap) % ring.length], weights[offset + tap]);
    }
  }

  // Plain loops over int[] of one length: the JIT turns them into vector code.
  private static void addLines(
      int[] sums, int[] a, int[] b, int[] c, int[] d, int[] weights, int offset) {
    int wa = weights[offset];
    int wb = weights[offset + 1];
    int wc = weights[offset + 2];
    int wd = weights[offset + 3];
    for (int i = 0; i < sums.length; i++) {
      sums[i] += a[i] * wa + b[i] * wb + c[i] * wc + d[i] * wd;
    }
  }

  private static void addLine(int[] sums, int[] line, int weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += line[i] * weight;
    }
  }
}
