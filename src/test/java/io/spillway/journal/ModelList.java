package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;

/** What has to be in a journal: a list, from which nothing goes that nobody let go. */
final class ModelList {
  private static final long INACCURACY_NANOS = 120_000_000_000L;

  private final JournalOptions options;

  /** What was acknowledged, by offset from 1 on, and when. */
  private final List<String> records = new ArrayList<>();

  private final List<Long> born = new ArrayList<>();

  /** Of what failed last, any beginning may be there after a crash. */
  private final List<List<List<String>>> unsettled = new ArrayList<>();

  /** Which files that were to be deleted, and are there, have left out. */
  private final Set<Long> gaps = new HashSet<>();

  private long released = 1;
  private long retained = 1;
  private long mayBeGone = 1;
  private long first = 1;

  ModelList(JournalOptions options) {
    this.options = options;
  }

  long size() {
    return records.size();
  }

  long released() {
    return released;
  }

  List<String> from(long offset, int count) {
    return records.subList((int) offset - 1, (int) offset - 1 + count);
  }

  /** The first offset that is held, from this one on. */
  long held(long from) {
    long offset = from;
    while (gaps.contains(offset)) {
      offset++;
    }
    return offset;
  }

  void stored(List<String> texts, long nanos) {
    records.addAll(texts);
    texts.forEach(text -> born.add(nanos));
    unsettled.clear();
  }

  void failed(List<List<String>> appends) {
    unsettled.add(appends);
  }

  void release(long below) {
    released = Math.max(released, below);
  }

  void retain(long from) {
    retained = Math.max(retained, from);
  }

  void dropped(long below) {
    mayBeGone = Math.max(mayBeGone, below);
  }

  /** After a start: what was under way may be there, in order, each append whole where framed. */
  void opened(Journal journal, NavigableMap<Long, String> found, long nanos) {
    retained = 1;
    first = 1; // what could not be deleted is there again
    List<String> more = new ArrayList<>(found.tailMap(size() + 1).values());
    if (!more.isEmpty()) {
      assertThat(unsettled).as("was under way: " + more).anyMatch(each -> isBegin(more, each));
    }
    stored(more, nanos);
    check(journal, nanos, Long.MAX_VALUE);
    gaps.clear();
    for (long offset = first; offset <= size(); offset++) {
      if (offset < mayBeGone && !found.containsKey(offset)) {
        gaps.add(offset);
      } else {
        assertThat(found.get(offset)).as("offset " + offset).isEqualTo(from(offset, 1).get(0));
      }
    }
  }

  private boolean isBegin(List<String> found, List<List<String>> appends) {
    List<String> all = new ArrayList<>();
    for (List<String> append : appends) {
      all.addAll(append);
      if (options.format() == Format.FRAMED && all.equals(found)) {
        return true;
      }
    }
    return options.format() == Format.PLAIN
        && found.size() <= all.size()
        && all.subList(0, found.size()).equals(found);
  }

  /**
   * Fails if the journal is not what it should be.
   *
   * @param noted what went by a policy was told to be below
   */
  void check(Journal journal, long nanos, long noted) {
    assertThat(journal.next()).as("next").isEqualTo(size() + 1);
    assertThat(journal.pendingBytes()).as("pending").isZero();
    assertThat(journal.first()).as("first").isBetween(first, journal.next());
    first = journal.first();
    mayBeGone = Math.max(mayBeGone, Math.max(released, byPolicy(nanos)));
    assertThat(first).as("what nobody let go").isLessThanOrEqualTo(mayBeGone);
    assertThat(first).as("what is not noted").isLessThanOrEqualTo(Math.max(released, noted));
  }

  private long byPolicy(long nanos) {
    if (options.keepBytes() > 0) {
      return retained;
    }
    long old = 1;
    while (!options.keepAge().isZero() && old < retained && isOld(old, nanos)) {
      old++;
    }
    return old;
  }

  private boolean isOld(long offset, long nanos) {
    long age = nanos - born.get((int) offset - 1);
    return age >= options.keepAge().toNanos() - INACCURACY_NANOS;
  }
}
