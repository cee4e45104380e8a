package dev.sluice.models.tokenizer.convert;

/**
 * GPT-2's letters for the 256 bytes: printable ones stand for themselves, the others for letters
 * from U+0100 on ({@code bytes_to_unicode} in transformers). Immutable.
 */
final class ByteAlphabet {
  private static final int BYTES = 256;
  private static final char[] LETTERS = letters();

  private ByteAlphabet() {}

  private static char[] letters() {
    char[] letters = new char[BYTES];
    char next = BYTES;
    for (int value = 0; value < BYTES; value++) {
      letters[value] = isPrintable(value) ? (char) value : next++;
    }
    return letters;
  }

  private static boolean isPrintable(int value) {
    return (value >= '!' && value <= '~')
        || (value >= 0xA1 && value <= 0xAC)
        || (value >= 0xAE && value <= 0xFF);
  }

  /** Bytes in the alphabet's letters. */
  static String write(byte[] bytes) {
    char[] text = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      text[i] = LETTERS[bytes[i] & 0xff];
    }
    return new String(text);
  }
}
