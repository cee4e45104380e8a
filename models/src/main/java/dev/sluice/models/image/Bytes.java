package dev.sluice.models.image;

import java.util.Arrays;

/**
 * A window on a file's bytes that answers zero beyond its end instead of failing. Immutable.
 *
 * <p>Hostile offsets and lengths thus need no check at every read; whoever walks a file checks that
 * what it found lies inside.
 */
final class Bytes {
  private final byte[] array;
  private final int from;
  private final int length;

  Bytes(byte[] array) {
    this(array, 0, array.length);
  }

  private Bytes(byte[] array, int from, int length) {
    this.array = array;
    this.from = from;
    this.length = length;
  }

  int length() {
    return length;
  }

  /** One byte, 0 to 255. */
  int u8(long at) {
    return at < 0 || at >= length ? 0 : array[from + (int) at] & 0xff;
  }

  int u16(long at) {
    return u8(at) << 8 | u8(at + 1);
  }

  int u16LittleEndian(long at) {
    return u8(at) | u8(at + 1) << 8;
  }

  int u24LittleEndian(long at) {
    return u16LittleEndian(at) | u8(at + 2) << 16;
  }

  long u32(long at) {
    return (long) u16(at) << 16 | u16(at + 2);
  }

  long u32LittleEndian(long at) {
    return u16LittleEndian(at) | (long) u16LittleEndian(at + 2) << 16;
  }

  boolean startsWith(int at, int... values) {
    if ((long) at + values.length > length) {
      return false;
    }
    for (int i = 0; i < values.length; i++) {
      if (u8((long) at + i) != values[i]) {
        return false;
      }
    }
    return true;
  }

  /** The part of this window from {@code at} on, cut to what there is. */
  Bytes slice(long at, long count) {
    int start = (int) Math.max(0, Math.min(at, length));
    return new Bytes(array, from + start, (int) Math.max(0, Math.min(count, length - start)));
  }

  byte[] copy() {
    return Arrays.copyOfRange(array, from, from + length);
  }
}
