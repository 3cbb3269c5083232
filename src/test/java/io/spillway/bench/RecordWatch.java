package io.spillway.bench;

import java.util.Arrays;

/**
 * What one connection got, record by record: what is missing, and how long each took. Written by
 * the crowd's thread, read by others.
 */
final class RecordWatch {
  private long next = -1;
  private long missing;
  private long outOfOrder;
  private long[] numbers = new long[1_024];
  private long[] micros = new long[1_024];
  private long[] sent = new long[1_024];
  private int count;

  /** A record has come at {@code now}, in {@link RecordText#micros}. */
  synchronized void record(byte[] text, long now) {
    long number = RecordText.number(text);
    if (next >= 0) {
      missing += Math.max(0, number - next);
      outOfOrder += number < next ? 1 : 0;
    }
    next = Math.max(next, number + 1);
    if (count == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * count);
      micros = Arrays.copyOf(micros, 2 * count);
      sent = Arrays.copyOf(sent, 2 * count);
    }
    numbers[count] = number;
    sent[count] = RecordText.sentMicros(text);
    micros[count] = now - sent[count];
    count++;
  }

  /** Forgets times; what is missing stays. */
  synchronized void restart() {
    count = 0;
  }

  /** How many records were passed over between others. */
  synchronized long missing() {
    return missing;
  }

  /** How many came again, or behind a later one. */
  synchronized long outOfOrder() {
    return outOfOrder;
  }

  /** How many came since {@link #restart}. */
  synchronized int count() {
    return count;
  }

  /** The number of the {@code i}th of them. */
  synchronized long number(int i) {
    return numbers[i];
  }

  /** When the {@code i}th of them was sent, in {@link RecordText#micros}. */
  synchronized long sentMicros(int i) {
    return sent[i];
  }

  /** From sending the {@code i}th of them to its being here, in ms. */
  synchronized double millis(int i) {
    return micros[i] / 1e3;
  }
}
