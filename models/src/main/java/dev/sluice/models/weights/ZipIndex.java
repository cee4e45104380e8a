package dev.sluice.models.weights;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the stored (uncompressed) entries of a zip file stand, so that they can be mapped; zip64
 * included. Immutable.
 *
 * <p>Reference: PKWARE's application note, sections 4.3.7 to 4.3.16 and 4.5.3.
 */
final class ZipIndex {
  private static final int END_BYTES = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int END64_BYTES = 56;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int CENTRAL_BYTES = 46;
  private static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int LOCAL_BYTES = 30;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int MAX_COMMENT_BYTES = 65_535;
  private static final long MAX_DIRECTORY_BYTES = 64L << 20;
  private static final long OVERFLOWED = 0xffff_ffffL;

  private final MappedFile file;
  private final Map<String, Central> entries = new HashMap<>();

  private ZipIndex(MappedFile file) {
    this.file = file;
  }

  /** An entry as the directory has it. */
  private record Central(int flags, int method, long compressed, long size, long header) {}

  /**
   * The bytes of an entry.
   *
   * @param offset first byte in the file
   * @param size how many
   */
  record Entry(long offset, long size) {}

  /**
   * @throws WeightsException if the file has no readable directory
   */
  static ZipIndex read(MappedFile file) {
    ZipIndex index = new ZipIndex(file);
    try {
      index.readDirectory();
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new WeightsException(file.name() + ": its zip directory is inconsistent", e);
    }
    return index;
  }

  Set<String> names() {
    return entries.keySet();
  }

  /**
   * Where an entry's bytes are.
   *
   * @throws WeightsException if it is compressed, encrypted, or beyond the file
   */
  Optional<Entry> find(String name) {
    Central central = entries.get(name);
    if (central == null) {
      return Optional.empty();
    }
    if (central.method() != 0
        || (central.flags() & 1) != 0
        || central.compressed() != central.size()) {
      throw new WeightsException(
          "%s: entry '%s' is compressed or encrypted, expected it stored"
              .formatted(file.name(), name));
    }
    ByteBuffer local = bytes(central.header(), LOCAL_BYTES);
    if (local.getInt(0) != LOCAL_SIGNATURE) {
      throw new WeightsException(
          "%s: entry '%s' has no header at byte %d".formatted(file.name(), name, central.header()));
    }
    long skip = (long) LOCAL_BYTES + unsigned(local.getShort(26)) + unsigned(local.getShort(28));
    Entry entry = new Entry(central.header() + skip, central.size());
    if (entry.size() < 0 || entry.offset() > file.size() - entry.size()) {
      throw new WeightsException(
          "%s: entry '%s' ends beyond the file; is the download complete?"
              .formatted(file.name(), name));
    }
    return Optional.of(entry);
  }

  private void readDirectory() {
    long end = findEnd();
    ByteBuffer record = bytes(end, END_BYTES);
    long size = Integer.toUnsignedLong(record.getInt(12));
    long offset = Integer.toUnsignedLong(record.getInt(16));
    if (end >= LOCATOR_BYTES) {
      ByteBuffer locator = bytes(end - LOCATOR_BYTES, LOCATOR_BYTES);
      if (locator.getInt(0) == LOCATOR_SIGNATURE) {
        ByteBuffer end64 = bytes(locator.getLong(8), END64_BYTES);
        if (end64.getInt(0) != END64_SIGNATURE) {
          throw new WeightsException(file.name() + ": its zip64 directory is not where it says");
        }
        size = end64.getLong(40);
        offset = end64.getLong(48);
      }
    }
    if (size < 0 || size > MAX_DIRECTORY_BYTES) {
      throw new WeightsException(
          "%s: expected a zip directory of at most %d bytes, found %s"
              .formatted(file.name(), MAX_DIRECTORY_BYTES, Long.toUnsignedString(size)));
    }
    ByteBuffer directory = bytes(offset, (int) size);
    while (directory.remaining() >= CENTRAL_BYTES) {
      readEntry(directory);
    }
  }

  private void readEntry(ByteBuffer in) {
    int start = in.position();
    if (in.getInt(start) != CENTRAL_SIGNATURE) {
      throw new WeightsException(
          file.name() + ": its zip directory has an entry without signature");
    }
    final int flags = unsigned(in.getShort(start + 8));
    final int method = unsigned(in.getShort(start + 10));
    long compressed = Integer.toUnsignedLong(in.getInt(start + 20));
    long size = Integer.toUnsignedLong(in.getInt(start + 24));
    byte[] name = new byte[unsigned(in.getShort(start + 28))];
    final int extraBytes = unsigned(in.getShort(start + 30));
    final int commentBytes = unsigned(in.getShort(start + 32));
    long header = Integer.toUnsignedLong(in.getInt(start + 42));
    in.position(start + CENTRAL_BYTES);
    in.get(name);
    final int extraEnd = in.position() + extraBytes;
    while (in.position() + 4 <= extraEnd) {
      int tag = unsigned(in.getShort());
      int next = in.position() + 2 + unsigned(in.getShort(in.position()));
      in.position(in.position() + 2);
      if (tag == 1) {
        size = size == OVERFLOWED ? in.getLong() : size;
        compressed = compressed == OVERFLOWED ? in.getLong() : compressed;
        header = header == OVERFLOWED ? in.getLong() : header;
      }
      in.position(next);
    }
    in.position(extraEnd + commentBytes);
    entries.put(
        new String(name, StandardCharsets.UTF_8),
        new Central(flags, method, compressed, size, header));
  }

  /** The last end-of-directory record, which a comment may follow. */
  private long findEnd() {
    int length = (int) Math.min(file.size(), END_BYTES + MAX_COMMENT_BYTES);
    long start = file.size() - length;
    ByteBuffer tail = bytes(start, length);
    for (int at = length - END_BYTES; at >= 0; at--) {
      if (tail.getInt(at) == END_SIGNATURE) {
        return start + at;
      }
    }
    throw new WeightsException(
        file.name() + ": its zip directory is missing; is the download complete?");
  }

  private ByteBuffer bytes(long offset, int length) {
    return ByteBuffer.wrap(file.read(offset, length)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int unsigned(short value) {
    return Short.toUnsignedInt(value);
  }
}
