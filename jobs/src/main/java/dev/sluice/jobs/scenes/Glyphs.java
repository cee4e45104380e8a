package dev.sluice.jobs.scenes;

import java.util.List;

/** The digits, 5 x 7 dots each, so that no font is needed. Immutable. */
final class Glyphs {
  private static final List<String> DIGITS =
      List.of(
          "01110 10001 10011 10101 11001 10001 01110",
          "00100 01100 00100 00100 00100 00100 01110",
          "01110 10001 00001 00110 01000 10000 11111",
          "11110 00001 00001 01110 00001 00001 11110",
          "00010 00110 01010 10010 11111 00010 00010",
          "11111 10000 11110 00001 00001 10001 01110",
          "00110 01000 10000 11110 10001 10001 01110",
          "11111 00001 00010 00100 01000 01000 01000",
          "01110 10001 10001 01110 10001 10001 01110",
          "01110 10001 10001 01111 00001 00010 01100");

  private Glyphs() {}

  /** Whether there is ink at (u, v) in 0..1 across the digit. */
  static boolean ink(int digit, double u, double v) {
    int column = (int) Math.floor(u * 5);
    int row = (int) Math.floor(v * 7);
    return column >= 0
        && column < 5
        && row >= 0
        && row < 7
        && DIGITS.get(digit).charAt(row * 6 + column) == '1';
  }
}
