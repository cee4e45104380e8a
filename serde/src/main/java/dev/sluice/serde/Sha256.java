package dev.sluice.serde;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 as the records carry it: lower-case hex. Stateless. */
public final class Sha256 {
  private static final String HEX = "[0-9a-fA-F]{64}";

  private Sha256() {}

  public static String hexOf(byte[] bytes) {
    return HexFormat.of().formatHex(newDigest().digest(bytes));
  }

  /** Whether a sender's text is one, in either case. */
  public static boolean isHex(String text) {
    return text.matches(HEX);
  }

  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
