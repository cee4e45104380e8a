package dev.sluice.operators.reuse;

import dev.sluice.serde.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over a list of fields, each with its length before it, so that no two lists read the
 * same. Owned by one thread.
 */
public final class FieldDigest {
  private static final int ABSENT = -1;

  private final MessageDigest digest = Sha256.newDigest();

  public FieldDigest add(byte[] field) {
    addLength(field.length);
    digest.update(field);
    return this;
  }

  /** Null is told from the empty text. */
  public FieldDigest add(@Nullable String field) {
    if (field == null) {
      addLength(ABSENT);
      return this;
    }
    return add(field.getBytes(StandardCharsets.UTF_8));
  }

  /** Lower-case hex; ends the list. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private void addLength(int length) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
  }
}
