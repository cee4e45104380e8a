package dev.sluice.serde.flink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Fields as they are written, with a bound on everything that has a length. Stateless, thus
 * thread-safe.
 */
final class Wire {
  /** Longest text, in UTF-8 bytes. */
  static final int MAX_TEXT_BYTES = 8 << 20;

  /** Longest encoded picture, tile or block of visual tokens. */
  static final int MAX_BLOB_BYTES = 1 << 30;

  /** Most entries of a list or map. */
  static final int MAX_ENTRIES = 10_000;

  private static final int CHUNK_BYTES = 1 << 20;

  private Wire() {}

  static void writeText(String text, DataOutputView out) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(checkLength("text", utf8.length, MAX_TEXT_BYTES));
    out.write(utf8);
  }

  static String readText(DataInputView in) throws IOException {
    return new String(
        readExactly(in, checkLength("text", in.readInt(), MAX_TEXT_BYTES)), StandardCharsets.UTF_8);
  }

  static void writeNullableText(@Nullable String text, DataOutputView out) throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      writeText(text, out);
    }
  }

  static @Nullable String readNullableText(DataInputView in) throws IOException {
    return in.readBoolean() ? readText(in) : null;
  }

  static void writeBlob(byte[] bytes, DataOutputView out) throws IOException {
    out.writeInt(checkLength("blob", bytes.length, MAX_BLOB_BYTES));
    out.write(bytes);
  }

  static byte[] readBlob(DataInputView in) throws IOException {
    return readExactly(in, checkLength("blob", in.readInt(), MAX_BLOB_BYTES));
  }

  static void writeInstant(Instant instant, DataOutputView out) throws IOException {
    out.writeLong(instant.getEpochSecond());
    out.writeInt(instant.getNano());
  }

  static Instant readInstant(DataInputView in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }

  static void writeNullableInstant(@Nullable Instant instant, DataOutputView out)
      throws IOException {
    out.writeBoolean(instant != null);
    if (instant != null) {
      writeInstant(instant, out);
    }
  }

  static @Nullable Instant readNullableInstant(DataInputView in) throws IOException {
    return in.readBoolean() ? readInstant(in) : null;
  }

  /** By name, so that constants may be reordered and inserted. */
  static void writeEnum(Enum<?> constant, DataOutputView out) throws IOException {
    out.writeUTF(constant.name());
  }

  static <E extends Enum<E>> E readEnum(Class<E> type, DataInputView in) throws IOException {
    return Enum.valueOf(type, in.readUTF());
  }

  static void writeTexts(Map<String, String> texts, DataOutputView out) throws IOException {
    out.writeInt(checkLength("map", texts.size(), MAX_ENTRIES));
    for (Map.Entry<String, String> entry : texts.entrySet()) {
      writeText(entry.getKey(), out);
      writeText(entry.getValue(), out);
    }
  }

  static Map<String, String> readTexts(DataInputView in) throws IOException {
    int size = checkLength("map", in.readInt(), MAX_ENTRIES);
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      texts.put(readText(in), readText(in));
    }
    return texts;
  }

  static void writeTexts(List<String> texts, DataOutputView out) throws IOException {
    out.writeInt(checkLength("list", texts.size(), MAX_ENTRIES));
    for (String text : texts) {
      writeText(text, out);
    }
  }

  static List<String> readTextList(DataInputView in) throws IOException {
    int size = checkLength("list", in.readInt(), MAX_ENTRIES);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      texts.add(readText(in));
    }
    return texts;
  }

  static <T> void writeList(List<T> values, RecordCodec<T> codec, DataOutputView out)
      throws IOException {
    out.writeInt(checkLength("list", values.size(), MAX_ENTRIES));
    for (T value : values) {
      codec.writeVersioned(value, out);
    }
  }

  static <T> List<T> readList(RecordCodec<T> codec, DataInputView in) throws IOException {
    int size = checkLength("list", in.readInt(), MAX_ENTRIES);
    List<T> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(codec.readVersioned(in));
    }
    return values;
  }

  static <T> void writeNullable(@Nullable T value, RecordCodec<T> codec, DataOutputView out)
      throws IOException {
    out.writeBoolean(value != null);
    if (value != null) {
      codec.writeVersioned(value, out);
    }
  }

  static <T> @Nullable T readNullable(RecordCodec<T> codec, DataInputView in) throws IOException {
    return in.readBoolean() ? codec.readVersioned(in) : null;
  }

  /** Grows with what really comes, so that a lying length costs nothing. */
  private static byte[] readExactly(DataInputView in, int length) throws IOException {
    byte[] bytes = new byte[Math.min(length, CHUNK_BYTES)];
    int read = 0;
    while (true) {
      in.readFully(bytes, read, bytes.length - read);
      read = bytes.length;
      if (read == length) {
        return bytes;
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * read));
    }
  }

  private static int checkLength(String what, int length, int limit) throws IOException {
    if (length < 0 || length > limit) {
      throw new IOException(
          "%s: expected a length between 0 and %d, found %d".formatted(what, limit, length));
    }
    return length;
  }
}
