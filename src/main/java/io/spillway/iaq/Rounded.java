package io.spillway.iaq;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as records show them. */
final class Rounded {
  private static final MathContext DIGITS = new MathContext(6);

  private Rounded() {}

  /** To six digits, and without decimal places where there are none. */
  static Number of(double value) {
    double rounded = new BigDecimal(value).round(DIGITS).doubleValue();
    if (rounded == Math.rint(rounded)) {
      return (long) rounded;
    }
    return rounded;
  }
}
