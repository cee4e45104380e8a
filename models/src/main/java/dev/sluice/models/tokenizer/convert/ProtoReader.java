package dev.sluice.models.tokenizer.convert;

import dev.sluice.models.tokenizer.TokenizerException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads a protocol buffer's fields in the order they stand. Owned by the thread that reads.
 *
 * <p>The wire format of protobuf.dev/programming-guides/encoding; groups are not read. It copies
 * nothing, so that no length in the file can ask for memory.
 */
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;
  private static final int MAX_VARINT_BITS = 70;

  private final String file;
  private final ByteBuffer in;
  private int field;
  private int wireType;

  /**
   * @param file names the file in messages
   */
  ProtoReader(String file, ByteBuffer in) {
    this.file = file;
    this.in = in.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Goes to the next field, whose value is then read or skipped; false at the end. */
  boolean next() {
    if (!in.hasRemaining()) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    return true;
  }

  int field() {
    return field;
  }

  int readInt() {
    expect(VARINT);
    return (int) varint();
  }

  boolean readBoolean() {
    expect(VARINT);
    return varint() != 0;
  }

  float readFloat() {
    expect(FIXED_32);
    require(Float.BYTES);
    return in.getFloat();
  }

  /** A view of the bytes of a text or an inner message. */
  ByteBuffer readBytes() {
    expect(BYTES);
    int length = requireLength(varint());
    ByteBuffer value = in.slice(in.position(), length);
    in.position(in.position() + length);
    return value;
  }

  ProtoReader readMessage() {
    return new ProtoReader(file, readBytes());
  }

  void skip() {
    switch (wireType) {
      case VARINT -> varint();
      case FIXED_64 -> skip(Long.BYTES);
      case BYTES -> readBytes();
      case FIXED_32 -> skip(Integer.BYTES);
      default -> throw broken();
    }
  }

  private void skip(int bytes) {
    require(bytes);
    in.position(in.position() + bytes);
  }

  private long varint() {
    long value = 0;
    try {
      for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
        byte next = in.get();
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
    } catch (BufferUnderflowException e) {
      throw broken();
    }
    throw broken();
  }

  private void expect(int type) {
    if (wireType != type) {
      throw broken();
    }
  }

  private void require(int bytes) {
    requireLength(bytes);
  }

  private int requireLength(long length) {
    if (length < 0 || length > in.remaining()) {
      throw broken();
    }
    return (int) length;
  }

  private TokenizerException broken() {
    return new TokenizerException(
        "tokenizer %s: expected a SentencePiece model, found other bytes at field %d; is the download complete?"
            .formatted(file, field));
  }
}
