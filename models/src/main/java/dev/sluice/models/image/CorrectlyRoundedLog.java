package dev.sluice.models.image;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The natural logarithm as the double nearest to the true value. Stateless.
 *
 * <p>A square picture fits the grids 2x3 and 3x2 equally well, a picture of 3:1 fits 3x2 and 6x1:
 * the reference (Python over glibc) decides such ties by the last bit of {@code log}. At every tie
 * glibc gives the nearest double; {@link StrictMath#log} does not (ratio 3), and {@link Math#log}
 * is another function on every processor.
 */
final class CorrectlyRoundedLog {
  private static final MathContext DIGITS = new MathContext(40);
  private static final BigDecimal LN_2 =
      new BigDecimal("0.6931471805599453094172321214581765680755001343602552541206800094934");
  private static final BigDecimal NEGLIGIBLE = new BigDecimal("1e-40");

  private CorrectlyRoundedLog() {}

  /**
   * @param x positive and finite
   */
  static double of(double x) {
    int exponent = Math.getExponent(x);
    double mantissa = Math.scalb(x, -exponent); // in [1, 2)
    BigDecimal whole = LN_2.multiply(BigDecimal.valueOf(exponent));
    return whole.add(ofMantissa(new BigDecimal(mantissa))).doubleValue();
  }

  /** ln m = 2 artanh z with z = (m - 1) / (m + 1), at the most 1/3. */
  private static BigDecimal ofMantissa(BigDecimal m) {
    BigDecimal z = m.subtract(BigDecimal.ONE).divide(m.add(BigDecimal.ONE), DIGITS);
    BigDecimal square = z.multiply(z, DIGITS);
    BigDecimal power = z;
    BigDecimal sum = z;
    for (int n = 3; power.compareTo(NEGLIGIBLE) > 0; n += 2) {
      power = power.multiply(square, DIGITS);
      sum = sum.add(power.divide(BigDecimal.valueOf(n), DIGITS), DIGITS);
    }
    return sum.add(sum);
  }
}
