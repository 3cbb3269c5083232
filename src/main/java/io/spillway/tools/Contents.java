package io.spillway.tools;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What the journal has stored under numbers of one epoch that the spool holds as well, to compare
 * the two: one number must not stand for two records.
 *
 * <p>Eight bytes a record: length and CRC-32C of payload and topic. Kept in runs, as the records of
 * an epoch come in order.
 */
final class Contents {
  private static final byte[] TIME = ",\"_ts_src\":".getBytes(ISO_8859_1);
  private static final byte[] ID = ",\"_id\":".getBytes(ISO_8859_1);
  private static final int RUN_MIN = 16;

  private final Sequence.Budget budget;
  private final TreeMap<Long, Run> runs = new TreeMap<>();
  private long left;
  private long differing;
  private long firstDiffering;

  /** Of consecutive numbers. */
  private static final class Run {
    private long[] contents = new long[RUN_MIN];
    private int size;

    void add(long content) {
      if (size == contents.length) {
        contents = Arrays.copyOf(contents, size + size / 2);
      }
      contents[size++] = content;
    }
  }

  /**
   * @param budget of runs, which it shares with the ranges of the numbers
   */
  Contents(Sequence.Budget budget) {
    this.budget = budget;
  }

  /** A number that is the same for equal payloads on one topic, which stand before the stamps. */
  static long of(byte[] line, int from, int to) {
    int end = lastOf(TIME, line, from, to);
    end = end < 0 ? lastOf(ID, line, from, to) : end;
    end = end < 0 ? to : end;
    CRC32C crc = new CRC32C();
    crc.update(line, from, end - from);
    return (crc.getValue() << 32) | (end - from);
  }

  private static int lastOf(byte[] member, byte[] line, int from, int to) {
    int at = to - member.length;
    while (at > from && !Arrays.equals(line, at, at + member.length, member, 0, member.length)) {
      at--;
    }
    return at > from ? at : -1;
  }

  /** The journal has this; of a number that it has twice the first counts. */
  void stored(long seq, long content) {
    Map.Entry<Long, Run> below = runs.floorEntry(seq);
    long next = below == null ? Long.MIN_VALUE : below.getKey() + below.getValue().size;
    if (seq == next) {
      below.getValue().add(content);
    } else if (seq >= next && budget.take()) {
      Run run = new Run();
      run.add(content);
      runs.put(seq, run);
    } else if (seq >= next) {
      left++;
    }
  }

  /** What was read of the journal has gone from the disk meanwhile. */
  void forget() {
    runs.keySet().forEach(run -> budget.giveBack());
    runs.clear();
    left = 0;
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  /** The spool has this. */
  void inSpool(long seq, long content) {
    Map.Entry<Long, Run> run = runs.floorEntry(seq);
    if (run == null || seq >= run.getKey() + run.getValue().size) {
      return;
    }
    if (run.getValue().contents[(int) (seq - run.getKey())] != content) {
      firstDiffering = differing == 0 ? seq : Math.min(firstDiffering, seq);
      differing++;
    }
  }

  /** Numbers under which journal and spool hold different records. */
  long differing() {
    return differing;
  }

  /** The lowest of them. */
  long firstDiffering() {
    return firstDiffering;
  }

  /** Numbers that could not be compared: there are too many gaps to remember. */
  long left() {
    return left;
  }
}
