package io.spillway.replay;

import io.spillway.message.Blanks;
import io.spillway.message.Enricher;
import io.spillway.message.Lines;
import io.spillway.message.Payload;
import io.spillway.message.Reading;
import io.spillway.message.RejectedPayload;
import io.spillway.replay.Shaped.Fate;
import io.spillway.topic.TopicFilter;

/**
 * Makes of a line what goes out. A record goes as it is, under its new name; what was rejected is
 * looked at as the edge looks at what comes, so it goes if the reason is mended, be it by {@link
 * Choice#wrapping}. To a broker its bytes go as they came: there the edge judges again.
 *
 * <p>Not for several threads at once.
 */
final class Shaper {
  private final Payload payload = new Payload();
  private final TopicFilter filter;
  private final Enricher enricher;
  private final String series;
  private final String now;
  private final TopicTemplate template;

  private Shaper(Choice choice, String series, String now, TopicTemplate template) {
    filter = choice.topic() == null ? null : TopicFilter.of(choice.topic());
    enricher = new Enricher(choice.wrapping());
    this.series = series;
    this.now = now;
    this.template = template;
  }

  /**
   * For a server.
   *
   * @param series {@code <edge>.<epoch>}
   * @param now the time of a record that says none
   */
  static Shaper forServer(Choice choice, String series, String now) {
    return new Shaper(choice, series, now, null);
  }

  static Shaper forBroker(Choice choice, TopicTemplate template) {
    return new Shaper(choice, null, null, template);
  }

  Shaped shape(long number, byte[] line, int from, int to) {
    if (Blanks.isBlank(line, from, to)) {
      return Shaped.unfit(number, "it is empty");
    }
    KeptMessage kept = KeptMessage.of(line, from, to);
    try {
      return kept == null
          ? shape(number, JournalRecord.of(payload, line, from, to))
          : shape(number, kept);
    } catch (RejectedPayload why) {
      return Shaped.unfit(number, why.getMessage());
    }
  }

  private Shaped shape(long number, JournalRecord record) {
    if (!isChosen(record.topic())) {
      return Shaped.left(number, Fate.NOT_CHOSEN);
    }
    if (record.isOfServer()) {
      return Shaped.left(number, Fate.OF_SERVER);
    }
    return template == null
        ? sent(number, null, record.forServer(series, number, now))
        : published(number, record.topic(), record.payload());
  }

  private Shaped shape(long number, KeptMessage kept) throws RejectedPayload {
    JournalRecord record = kept.isCut() ? null : recordIn(kept);
    if (record != null) {
      return shape(number, record);
    }
    if (!isChosen(kept.topic())) {
      return Shaped.left(number, Fate.NOT_CHOSEN);
    }
    if (kept.isCut()) {
      return Shaped.unfit(number, cut(kept));
    }
    if (template != null) {
      return published(number, kept.topic(), kept.payload());
    }
    Lines.Builder lines = new Lines.Builder(kept.payload().length + 256);
    enricher.enrich(new Reading(kept.topic(), kept.payload(), kept.atMs(), false), lines);
    if (lines.count() > 1) {
      return Shaped.unfit(
          number, "it becomes %,d records, and has one number".formatted(lines.count()));
    }
    Lines one = lines.build();
    JournalRecord fresh = JournalRecord.of(payload, one.array(), one.from(), one.to() - 1);
    return sent(number, null, fresh.forServer(series, number, now));
  }

  /** What was set aside as a record, or came from a client, who says himself on which topic. */
  private JournalRecord recordIn(KeptMessage kept) throws RejectedPayload {
    if (kept.isOfClient()) {
      return recordOf(kept.payload());
    }
    if (!kept.mayBeRecord()) {
      return null;
    }
    try {
      JournalRecord record = recordOf(kept.payload());
      return record.has("_ts_src") ? record : null;
    } catch (RejectedPayload none) {
      return null;
    }
  }

  private JournalRecord recordOf(byte[] bytes) throws RejectedPayload {
    return JournalRecord.of(payload, bytes, 0, bytes.length);
  }

  private static String cut(KeptMessage kept) {
    return kept.payload() == null
        ? "its bytes cannot be read"
        : "of its %,d bytes %,d were kept".formatted(kept.size(), kept.payload().length);
  }

  private boolean isChosen(String topic) {
    return filter == null || (topic != null && filter.matches(topic));
  }

  private Shaped published(long number, String came, byte[] bytes) {
    String topic = template.fill(came);
    return topic == null
        ? Shaped.unfit(number, "there is no topic for it: name one, --to-topic")
        : sent(number, topic, bytes);
  }

  private static Shaped sent(long number, String topic, byte[] bytes) {
    return Shaped.sent(new Outgoing(number, topic, bytes));
  }

  /** What does not fit into a message. */
  static Shaped tooLong(Outgoing line, int bytesMax) {
    return Shaped.unfit(
        line.number(),
        "as a record it has %,d bytes, and a message has room for %,d"
            .formatted(line.bytes().length, bytesMax));
  }
}
