package io.spillway.bench;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Records of the live scenarios: as an edge sends them, of fixed length, with their number and the
 * time they were sent at in front, where they are found without parsing.
 */
final class RecordText {
  /** The first number; all have ten digits. */
  static final long FIRST = 1_000_000_000L;

  /** Whatever else a server says is shorter. */
  static final int BYTES_MIN = 220;

  private static final int NUMBER_AT = "{\"n\":".length();
  private static final int NUMBER_DIGITS = 10;
  private static final int TIME_AT = NUMBER_AT + NUMBER_DIGITS + ",\"t\":".length();
  private static final int TIME_DIGITS = 16;

  /** What the clock that never goes back is set to, once. */
  @SuppressWarnings("TimeInStaticInitializer")
  private static final long EPOCH =
      ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) - System.nanoTime() / 1_000;

  private final byte[] text;
  private final int idAt;

  /** Records whose {@code _id} are of this epoch. */
  RecordText(String edge, String epoch) {
    String record =
        "{\"n\":%s,\"t\":%s,\"station\":\"pws-3\",\"tempC\":21.37,\"humidity\":56.2,"
                .formatted("0".repeat(NUMBER_DIGITS), "0".repeat(TIME_DIGITS))
            + "\"pressureHpa\":1013.25,\"wind\":{\"ms\":3.4,\"deg\":210},\"batteryV\":3.71,"
            + "\"_topic\":\"pws-packet/3\",\"_ts_src\":\"2026-11-21T06:26:33.145Z\","
            + "\"_retained\":false,\"_id\":\"%s.%s.".formatted(edge, epoch);
    idAt = record.length();
    text = (record + "0".repeat(NUMBER_DIGITS) + "\"}").getBytes(StandardCharsets.US_ASCII);
  }

  /** Bytes of each record. */
  int length() {
    return text.length;
  }

  /** Writes one record; returns the index behind it. */
  int write(byte[] to, int at, long number, long micros) {
    System.arraycopy(text, 0, to, at, text.length);
    digits(to, at + NUMBER_AT, NUMBER_DIGITS, number);
    digits(to, at + TIME_AT, TIME_DIGITS, micros);
    digits(to, at + idAt, NUMBER_DIGITS, number);
    return at + text.length;
  }

  /** The number of a record that was written here and may have gained members at its end. */
  static long number(byte[] record) {
    return number(record, NUMBER_AT, NUMBER_DIGITS);
  }

  /** When it was sent, in {@link #micros}. */
  static long sentMicros(byte[] record) {
    return number(record, TIME_AT, TIME_DIGITS);
  }

  /** Now, in µs since 1970, and never going back. */
  static long micros() {
    return EPOCH + System.nanoTime() / 1_000;
  }

  private static void digits(byte[] to, int at, int count, long number) {
    long rest = number;
    for (int digit = count - 1; digit >= 0; digit--) {
      to[at + digit] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private static long number(byte[] record, int at, int count) {
    long number = 0;
    for (int i = at; i < at + count; i++) {
      if (record[i] < '0' || record[i] > '9') {
        throw new IllegalStateException("not a record of this bench");
      }
      number = number * 10 + record[i] - '0';
    }
    return number;
  }
}
