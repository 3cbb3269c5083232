package io.spillway.iaq;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/**
 * The alert of one sensor, quantity and side, without flapping: a level is entered when values have
 * reached it for a while without a break, and left when they have been behind it by a margin for a
 * while without a break.
 */
final class Alarm {
  private static final long NOT = -1;

  /** How bad it is. */
  enum Level {
    NONE,
    WARNING,
    CRITICAL;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One level: on or off, and what speaks for a change since when without a break. */
  private final class Step {
    private final Level level;
    private boolean on;
    private long againstMs = NOT;

    private Step(Level level) {
      this.level = level;
    }

    private void feed(double value) {
      boolean against = on ? threshold.left(level, value) : threshold.reached(level, value);
      againstMs = !against ? NOT : againstMs == NOT ? lastMs : againstMs;
      if (against && lastMs - againstMs >= (on ? clearMs : holdMs)) {
        on = !on;
        againstMs = NOT;
      }
    }

    private void write(DataOutput out) throws IOException {
      out.writeBoolean(on);
      out.writeLong(againstMs);
    }

    private void read(DataInput in) throws IOException {
      on = in.readBoolean();
      againstMs = in.readLong();
    }
  }

  private final Threshold threshold;
  private final long holdMs;
  private final long clearMs;

  private final Step warning = new Step(Level.WARNING);
  private final Step critical = new Step(Level.CRITICAL);
  private long lastMs;
  private String id = "";
  private long beganMs;
  private long advisedMs;

  /**
   * @param holdMs how long a level has to be reached before it is entered
   * @param clearMs how long it has to be left before it is over
   */
  Alarm(Threshold threshold, long holdMs, long clearMs) {
    this.threshold = threshold;
    this.holdMs = holdMs;
    this.clearMs = clearMs;
  }

  /**
   * Takes the next value; a time that goes back a little is taken for the one before.
   *
   * @return whether the level has changed
   */
  boolean feed(long timeMs, double value) {
    if (SensorClock.isSetBack(lastMs, timeMs)) {
      warning.againstMs = NOT;
      critical.againstMs = NOT;
    }
    lastMs = SensorClock.after(lastMs, timeMs);
    Level before = level();
    warning.feed(value);
    critical.feed(value);
    return level() != before;
  }

  /** An alert has begun: it gets a name. */
  void begin(String alertId) {
    id = alertId;
    beganMs = lastMs;
  }

  void advised() {
    advisedMs = lastMs;
  }

  Threshold threshold() {
    return threshold;
  }

  Level level() {
    return critical.on ? Level.CRITICAL : warning.on ? Level.WARNING : Level.NONE;
  }

  /** The name of the alert that lasts, or that is over just now. */
  String id() {
    return id;
  }

  /** When the alert began, in milliseconds since 1970. */
  long beganMs() {
    return beganMs;
  }

  /** How long ago an action was advised. */
  long sinceAdvice() {
    return lastMs - advisedMs;
  }

  void write(DataOutput out) throws IOException {
    warning.write(out);
    critical.write(out);
    out.writeLong(lastMs);
    out.writeUTF(id);
    out.writeLong(beganMs);
    out.writeLong(advisedMs);
  }

  void read(DataInput in) throws IOException {
    warning.read(in);
    critical.read(in);
    lastMs = in.readLong();
    id = in.readUTF();
    beganMs = in.readLong();
    advisedMs = in.readLong();
  }
}
