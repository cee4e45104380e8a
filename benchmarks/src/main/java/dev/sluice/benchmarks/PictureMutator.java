package dev.sluice.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/**
 * Makes broken pictures out of whole ones: the n-th of a seed is always the same. Immutable.
 *
 * <p>Half of them get their checksums and lengths right again afterwards, so that they are not all
 * turned away at the door.
 */
final class PictureMutator {
  private static final int MOST_DOUBLINGS = 4;
  private static final int HEADER = 64;
  private static final int[] TELLING = {0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, -1};
  private static final int PNG_SIGNATURE = 8;
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G'};
  private static final byte[] RIFF = {'R', 'I', 'F', 'F'};

  private final List<byte[]> originals;
  private final long seed;

  PictureMutator(List<byte[]> originals, long seed) {
    this.originals = List.copyOf(originals);
    this.seed = seed;
  }

  byte[] mutant(long number) {
    SplittableRandom random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + number);
    byte[] file = original(random).clone();
    int changes = 1 << random.nextInt(MOST_DOUBLINGS);
    for (int i = 0; i < changes && file.length > 4; i++) {
      file = change(file, random);
    }
    if (random.nextBoolean()) {
      repair(file);
    }
    return file;
  }

  private byte[] original(SplittableRandom random) {
    return originals.get(random.nextInt(originals.size()));
  }

  private byte[] change(byte[] file, SplittableRandom random) {
    int at = position(file, random);
    int length = random.nextInt(1, Math.min(file.length - at, 1 << random.nextInt(1, 12)) + 1);
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3 -> file[at] ^= (byte) (1 << random.nextInt(8));
      case 4, 5, 6, 7 -> file[at] = (byte) random.nextInt();
      case 8, 9, 10 -> tell(file, at, random);
      case 11 -> Arrays.fill(file, at, at + length, (byte) random.nextInt());
      case 12 -> {
        return Arrays.copyOf(file, at);
      }
      case 13 -> {
        return joined(file, at, new byte[0], at + length);
      }
      case 14 -> {
        return joined(file, at, Arrays.copyOfRange(file, at, at + length), at);
      }
      default -> {
        byte[] other = original(random);
        int from = random.nextInt(other.length);
        int count = Math.min(length, other.length - from);
        return joined(file, at, Arrays.copyOfRange(other, from, from + count), at);
      }
    }
    return file;
  }

  /** One change in four strikes the first bytes, where sizes stand. */
  private static int position(byte[] file, SplittableRandom random) {
    return random.nextInt(random.nextInt(4) == 0 ? Math.min(HEADER, file.length) : file.length);
  }

  /** Writes a number that tends to be on the edge of something, in two or four bytes. */
  private static void tell(byte[] file, int at, SplittableRandom random) {
    int value = TELLING[random.nextInt(TELLING.length)];
    int bytes = random.nextBoolean() ? 2 : 4;
    boolean bigEndian = random.nextBoolean();
    for (int i = 0; i < bytes && at + i < file.length; i++) {
      file[at + i] = (byte) (value >> (8 * (bigEndian ? bytes - 1 - i : i)));
    }
  }

  private static byte[] joined(byte[] file, int at, byte[] middle, int rest) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, at);
    out.writeBytes(middle);
    out.write(file, rest, file.length - rest);
    return out.toByteArray();
  }

  private static void repair(byte[] file) {
    if (startsWith(file, PNG)) {
      repairPng(file);
    } else if (startsWith(file, RIFF) && file.length > 8) {
      ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4, file.length - 8);
    }
  }

  private static void repairPng(byte[] file) {
    ByteBuffer chunks = ByteBuffer.wrap(file);
    long at = PNG_SIGNATURE;
    while (at + 12 <= file.length) {
      long length = Integer.toUnsignedLong(chunks.getInt((int) at));
      if (at + 12 + length > file.length) {
        return;
      }
      CRC32 checksum = new CRC32();
      checksum.update(file, (int) at + 4, (int) length + 4);
      chunks.putInt((int) (at + 8 + length), (int) checksum.getValue());
      at += 12 + length;
    }
  }

  private static boolean startsWith(byte[] file, byte[] start) {
    return file.length >= start.length
        && Arrays.equals(file, 0, start.length, start, 0, start.length);
  }
}
