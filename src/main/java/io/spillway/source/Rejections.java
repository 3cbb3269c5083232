package io.spillway.source;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.message.RejectedPayload;
import io.spillway.message.RejectionKind;
import io.spillway.time.TimeSource;
import io.spillway.topic.TopicText;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What came and became no record: told when it begins and when it has ended, for each kind of
 * reason, and counted by kind and topic. A sensor that sends one number a second would fill the
 * log.
 */
final class Rejections {
  /** Without any for so long it has ended. */
  static final long QUIET_MS = 600_000;

  /** Topics that are counted by themselves; strangers choose their names. */
  static final int TOPICS_MAX = 50;

  private static final Logger log = LoggerFactory.getLogger(Rejections.class);

  private final MeterRegistry registry;
  private final TimeSource time;
  private final Map<RejectionKind, Spell> spells = new EnumMap<>(RejectionKind.class);
  private final Set<String> topics = new HashSet<>();

  /** Since a kind began, and it has not ended. */
  private static final class Spell {
    private long count;
    private long lastMs;
    private String lastTopic;
  }

  Rejections(MeterRegistry registry, TimeSource time) {
    this.registry = registry;
    this.time = time;
  }

  void add(String topic, RejectedPayload why) {
    String shown = TopicText.shortened(topic);
    Spell spell = spells.get(why.kind());
    if (spell == null) {
      spell = new Spell();
      spells.put(why.kind(), spell);
      log.warn(
          "[source] rejected a message on {}: {}; it is kept in rejected.ndjson, and more like it"
              + " are counted and not logged",
          shown,
          why.getMessage());
    }
    spell.count++;
    spell.lastMs = time.monotonicMs();
    spell.lastTopic = shown;
    boolean own = topics.contains(shown) || (topics.size() < TOPICS_MAX && topics.add(shown));
    registry
        .counter(
            "spillway.source.rejected",
            "reason",
            why.kind().text(),
            "topic",
            own ? shown : "(other)")
        .increment();
  }

  /** To be called now and then: tells of what has ended. */
  void look() {
    long nowMs = time.monotonicMs();
    spells
        .entrySet()
        .removeIf(
            each -> {
              Spell spell = each.getValue();
              boolean ended = nowMs - spell.lastMs >= QUIET_MS;
              if (ended) {
                log.info(
                    "[source] nothing was rejected as {} for {} min; it had been {} messages, the"
                        + " last one on {}",
                    each.getKey().text(),
                    QUIET_MS / 60_000,
                    spell.count,
                    spell.lastTopic);
              }
              return ended;
            });
  }
}
