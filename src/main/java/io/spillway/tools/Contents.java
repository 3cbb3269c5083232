package io.spillway.tools;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What the spool holds under numbers of one epoch, to compare with what the journal has stored
 * under them: one number must not stand for two records.
 *
 * <p>Compared are payload and topic, which stand before the stamps. A server may have put members
 * in front of them, as it completes measurements of indoor air; what came stays as it was, byte for
 * byte:
 *
 * <pre>
 *   spool         {"co2":412,"_topic":"iaq/a","_ts_src":…
 *   journal       {"values":{"co2":412},"global_score":87,"co2":412,"_topic":"iaq/a","_ts_src":…
 *                                                         └───── the same bytes ────┘
 * </pre>
 *
 * <p>Eight bytes a record, length and CRC-32C, in pages of consecutive numbers.
 */
final class Contents {
  static final int PAGE_RECORDS = 1_024;

  private static final byte[] TIME = ",\"_ts_src\":".getBytes(ISO_8859_1);
  private static final byte[] ID = ",\"_id\":".getBytes(ISO_8859_1);

  private final Sequence.Budget budget;
  private final Map<Long, long[]> pages = new HashMap<>();
  private long leftFrom = Long.MAX_VALUE;
  private long leftTo;
  private long left;
  private long differing;
  private long firstDiffering;

  /**
   * @param budget of pages, for all epochs together
   */
  Contents(Sequence.Budget budget) {
    this.budget = budget;
  }

  /** A number, never 0, that is the same for equal payloads on one topic. */
  static long of(byte[] line, int from, int to) {
    return hash(line, from + 1, endOfTopic(line, from, to));
  }

  private static long hash(byte[] line, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(line, from, to - from);
    return (crc.getValue() << 32) | (to - from);
  }

  private static boolean isOf(long content, byte[] line, int from, int to) {
    int end = endOfTopic(line, from, to);
    int start = end - (int) content;
    return start > from
        && (start == from + 1 || line[start - 1] == ',')
        && hash(line, start, end) == content;
  }

  private static int endOfTopic(byte[] line, int from, int to) {
    int end = lastOf(TIME, line, from, to);
    end = end < 0 ? lastOf(ID, line, from, to) : end;
    return end < 0 ? to : end;
  }

  private static int lastOf(byte[] member, byte[] line, int from, int to) {
    int at = to - member.length;
    while (at > from && !Arrays.equals(line, at, at + member.length, member, 0, member.length)) {
      at--;
    }
    return at > from ? at : -1;
  }

  /** The spool holds this; of a number that it has twice the first counts. */
  void inSpool(long seq, long content) {
    long[] page = pages.get(seq / PAGE_RECORDS);
    if (page == null && budget.take()) {
      page = new long[PAGE_RECORDS];
      pages.put(seq / PAGE_RECORDS, page);
    }
    if (page == null) {
      leftFrom = Math.min(leftFrom, seq);
      leftTo = Math.max(leftTo, seq);
    } else if (page[place(seq)] == 0) {
      page[place(seq)] = content;
    }
  }

  /** The journal has this line; of a number that it has twice the first counts. */
  void stored(long seq, byte[] line, int from, int to) {
    long[] page = pages.get(seq / PAGE_RECORDS);
    long content = page == null ? 0 : page[place(seq)];
    if (content != 0) {
      page[place(seq)] = 0;
      compare(seq, isOf(content, line, from, to));
    } else if (leftFrom <= seq && seq <= leftTo) {
      left++;
    }
  }

  private void compare(long seq, boolean same) {
    if (!same) {
      firstDiffering = differing == 0 ? seq : Math.min(firstDiffering, seq);
      differing++;
    }
  }

  private static int place(long seq) {
    return (int) (seq % PAGE_RECORDS);
  }

  /** Numbers under which journal and spool hold different records. */
  long differing() {
    return differing;
  }

  /** The lowest of them. */
  long firstDiffering() {
    return firstDiffering;
  }

  /** Stored numbers that could not be compared: the spool holds too many to remember. */
  long left() {
    return left;
  }
}
