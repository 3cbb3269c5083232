package io.spillway.batch;

import static java.util.Map.entry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.config.WhenFull;
import io.spillway.journal.Journal;
import java.util.Map;

/**
 * The edge's ledger: every message is stored, rejected, recognised as redelivered, or dropped. What
 * is stored and may be stored already is counted, too.
 */
final class BatchMetrics {
  private final MeterRegistry registry;
  private final long bytesMax;
  private final Counter records;
  private final Counter messages;
  private final Counter rejected;
  private final Counter redelivered;
  private final Counter dropped;
  private final Counter acknowledged;
  private final Counter storedAfterAll;
  private final Counter possibleDuplicates;
  private long setAside;
  private long droppedOldest;
  private long carried;
  private long received;

  /**
   * @param bytesMax most bytes of records that wait in the spool
   */
  BatchMetrics(MeterRegistry registry, long bytesMax) {
    this.registry = registry;
    this.bytesMax = bytesMax;
    records = registry.counter("spillway.spool.records");
    messages = registry.counter("spillway.spool.messages");
    rejected = registry.counter("spillway.spool.rejected");
    redelivered = registry.counter("spillway.spool.redelivered");
    dropped = registry.counter("spillway.spool.dropped");
    possibleDuplicates = registry.counter("spillway.source.possible.duplicates");
    acknowledged = registry.counter("spillway.spool.acknowledged");
    storedAfterAll = registry.counter("spillway.spool.dropped.stored");
  }

  /**
   * Of the drain and the journal that the batcher has at that time.
   *
   * @param waiting records that waited when it was opened
   */
  void measure(Batcher batcher, long waiting) {
    carried = waiting;
    Gauge.builder("spillway.spool.waiting", batcher, b -> b.drain().waiting()).register(registry);
    Gauge.builder("spillway.spool.lag.ms", batcher, b -> b.drain().lagMs()).register(registry);
    Gauge.builder("spillway.spool.dropped.undecided", batcher, b -> b.drain().droppedUndecided())
        .register(registry);
    Gauge.builder("spillway.spool.bytes", batcher, b -> b.journal().bytes()).register(registry);
  }

  /** Another drain and journal take over what waits. */
  void goesOn(Journal old, Drain drain) {
    received += old.next() - drain.begunAt();
  }

  void possibleDuplicates(long count) {
    possibleDuplicates.increment((double) count);
  }

  void stored(Intake intake) {
    records.increment(intake.lines().count());
    messages.increment(intake.messages());
    rejected.increment(intake.rejected().size());
    possibleDuplicates.increment(intake.doubtful());
  }

  void redelivered(int count) {
    redelivered.increment(count);
  }

  void dropped(WhenFull policy, long count) {
    dropped.increment((double) count);
    droppedOldest += policy == WhenFull.DROP_OLDEST ? count : 0;
    registry
        .counter("spillway.spool.dropped.by", "policy", policy.toString())
        .increment((double) count);
  }

  /** A record was taken out of the spool that the server will never take. */
  void setAside() {
    setAside++;
    rejected.increment();
  }

  /** These count as dropped, and were under way then: the server has them. */
  void storedAfterAll(long count) {
    storedAfterAll.increment((double) count);
    acknowledged.increment((double) count);
    droppedOldest -= count;
  }

  void acknowledged(long count) {
    acknowledged.increment((double) count);
  }

  /**
   * By them the ledger is made up: {@code carried + received = acknowledged + setAside +
   * droppedOldest + queued}, all in records.
   */
  Map<String, Long> counters(Journal journal, Drain drain, OlderEpochs older) {
    long next = journal.next(); // once: another thread appends
    return Map.ofEntries(
        entry("messages", (long) messages.count()),
        entry("received", received + next - drain.begunAt()),
        entry("carried", carried),
        entry("rejected", (long) rejected.count()),
        entry("setAside", setAside),
        entry("redelivered", (long) redelivered.count()),
        entry("possibleDuplicates", (long) possibleDuplicates.count()),
        entry("dropped", (long) (dropped.count() - storedAfterAll.count())),
        entry("droppedUndecided", drain.droppedUndecided()),
        entry("droppedOldest", droppedOldest),
        entry("acknowledged", (long) acknowledged.count()),
        entry("queued", drain.waiting(next) + older.waiting()),
        entry("lagMs", drain.lagMs()),
        entry("next", next),
        entry("spoolBytes", drain.waitingBytes()),
        entry("spoolBytesMax", bytesMax));
  }
}
