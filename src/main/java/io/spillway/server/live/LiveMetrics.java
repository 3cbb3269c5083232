package io.spillway.server.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.server.records.RecordView;
import io.spillway.wire.CloseCode;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What the live WebSockets count. */
final class LiveMetrics {
  /** Topics with a rate of their own; the records of others are counted together. */
  private static final int TOPICS_MAX = 200;

  private static final String OTHER = "(others)";

  /** How many in all, and how many a second over about the last ten seconds. */
  static final class Rate {
    private static final double WEIGHT = 0.2;

    private long total;
    private long totalBefore;
    private double perSecond;

    void add(long more) {
      total += more;
    }

    /** A second has passed. */
    void tick() {
      perSecond += ((double) (total - totalBefore) - perSecond) * WEIGHT;
      totalBefore = total;
    }

    long total() {
      return total;
    }

    /** With one decimal. */
    double perSecond() {
      return Math.round(perSecond * 10) / 10.0;
    }
  }

  private final MeterRegistry registry;
  private final Counter deliveries;
  private final Counter bytes;
  private final Counter repaired;
  private final Counter replayed;
  private final Counter behind;
  private final Counter commands;
  private final Counter wrong;
  private final Counter idle;
  private final Map<String, Rate> topics = new TreeMap<>();
  private final Rate delivered = new Rate();
  private long slow;
  private long replays;

  LiveMetrics(MeterRegistry registry) {
    this.registry = registry;
    deliveries = registry.counter("spillway.live.deliveries");
    bytes = registry.counter("spillway.live.bytes");
    repaired = registry.counter("spillway.live.repaired");
    replayed = registry.counter("spillway.live.replayed");
    behind = registry.counter("spillway.live.behind");
    commands = registry.counter("spillway.live.commands");
    wrong = registry.counter("spillway.live.commands.wrong");
    idle = registry.counter("spillway.live.idle");
  }

  /** A value to be asked for. */
  void gauge(String name, Supplier<Number> value) {
    Gauge.builder(name, value).register(registry);
  }

  /** A record was handed to the broadcast. */
  void record(RecordView view) {
    for (String topic : view.topics()) {
      Rate rate = topics.get(topic);
      if (rate == null) {
        String name = topics.size() < TOPICS_MAX ? topic : OTHER;
        rate = topics.computeIfAbsent(name, n -> new Rate());
      }
      rate.add(1);
    }
  }

  void delivered(long frames, long frameBytes) {
    deliveries.increment((double) frames);
    bytes.increment((double) frameBytes);
    delivered.add(frames);
  }

  /** Records that clients got from the journal. */
  void replayed(int records) {
    replayed.increment(records);
    delivered.add(records);
  }

  /** A client began to read the journal. */
  void replayBegun() {
    replays++;
  }

  /** Records read from the journal because their copy on the bus was lost. */
  void repaired(int records) {
    repaired.increment(records);
  }

  /** A client that reads slowly goes on from the journal. */
  void fellBehind() {
    behind.increment();
  }

  void command(boolean understood) {
    (understood ? commands : wrong).increment();
  }

  /** Nothing was heard of a client for too long. */
  void idle() {
    idle.increment();
  }

  void closed(CloseCode code) {
    registry.counter("spillway.live.closed", "code", String.valueOf(code.code())).increment();
    if (code == CloseCode.TOO_SLOW) {
      slow++;
    }
  }

  /** Once a second. */
  void tick() {
    delivered.tick();
    topics.values().forEach(Rate::tick);
  }

  /** Clients that were closed as too slow. */
  long slow() {
    return slow;
  }

  long replays() {
    return replays;
  }

  Rate deliveries() {
    return delivered;
  }

  /** Records handed on, by topic. */
  Map<String, Rate> topics() {
    return topics;
  }
}
