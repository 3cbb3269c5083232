package io.spillway.iaq;

import io.spillway.config.QuantityConfig;

/**
 * Where an alert of one quantity begins, on one side.
 *
 * @param high upwards; else downwards
 */
record Threshold(boolean high, double warning, double critical, double margin) {
  static Threshold high(QuantityConfig config) {
    return new Threshold(true, config.warning(), config.critical(), config.margin());
  }

  /** Null if less is never worse. */
  static Threshold low(QuantityConfig config) {
    return config.lowWarning() == null
        ? null
        : new Threshold(false, config.lowWarning(), config.lowCritical(), config.margin());
  }

  /** The value at which this level begins. */
  double of(Alarm.Level level) {
    return level == Alarm.Level.CRITICAL ? critical : warning;
  }

  /** Whether a value is bad enough for the level. */
  boolean reached(Alarm.Level level, double value) {
    return high ? value >= of(level) : value <= of(level);
  }

  /** Whether a value has come back from the level by the margin and more. */
  boolean left(Alarm.Level level, double value) {
    return high ? value < of(level) - margin : value > of(level) + margin;
  }
}
