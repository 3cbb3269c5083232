package io.spillway.message;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Turns an MQTT payload into NDJSON lines: one for an object, one per element for an array, with
 * {@code _topic}, {@code _ts_src} and {@code _retained} spliced in before the closing brace. The
 * bytes of the payload are copied as they came, but for line breaks between tokens and for members
 * that have one of our names. ({@code _id} is added by the spool, which knows the position.)
 *
 * <p>Not for several threads at once.
 */
public final class Enricher {
  private static final int TOPICS_REMEMBERED = 1_000;
  private static final byte[] RETAINED = utf8("\",\"_retained\":true}");
  private static final byte[] LIVE = utf8("\",\"_retained\":false}");

  private final Payload payload = new Payload();
  private final Map<String, byte[]> topicMembers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
          return size() > TOPICS_REMEMBERED;
        }
      };
  private long formattedAtMs = -1;
  private byte[] formatted = new byte[0];

  /**
   * Adds the lines of one payload to {@code out}; nothing is added when it is rejected.
   *
   * @return how many lines were added, at least one
   * @throws RejectedPayload if it is not one JSON object or array in UTF-8, or an empty array
   */
  public int enrich(Reading reading, Lines.Builder out) throws RejectedPayload {
    int atLength = out.length();
    int atCount = out.count();
    byte[] bytes = reading.payload();
    try {
      boolean lineBreaks = payload.check(bytes, 0, bytes.length);
      payload.walk(bytes, 0, bytes.length, new Writer(reading, lineBreaks, out));
    } catch (RejectedPayload e) {
      out.cutBack(atLength, atCount);
      throw e;
    }
    if (out.count() == atCount) {
      throw new RejectedPayload("an empty array: there is no record in it");
    }
    return out.count() - atCount;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] topicMember(String topic) {
    return topicMembers.computeIfAbsent(
        topic, t -> utf8("\"_topic\":\"" + JsonText.escape(t) + "\",\"_ts_src\":\""));
  }

  private byte[] time(long atMs) {
    if (atMs != formattedAtMs) {
      formattedAtMs = atMs;
      formatted = utf8(Timestamps.format(atMs));
    }
    return formatted;
  }

  /** Writes the records of one reading, each with our members. */
  private final class Writer extends LineWriter {
    private final Reading reading;

    Writer(Reading reading, boolean lineBreaks, Lines.Builder out) {
      super(reading.payload(), lineBreaks, out);
      this.reading = reading;
    }

    @Override
    public void object(int from, int to, boolean hasReservedMember) throws RejectedPayload {
      if (hasReservedMember) {
        out.put('{');
        Payload.visitMembers(bytes, from, to, this::member);
        endRecord();
        return;
      }
      int brace = to - 1;
      copy(from, brace);
      if (Payload.skipBlank(bytes, from + 1, brace) < brace) {
        out.put(',');
      }
      endRecord();
    }

    @Override
    public void value(int from, int to) throws RejectedPayload {
      out.put(VALUE);
      copy(from, to);
      out.put(',');
      endRecord();
    }

    private void member(int from, int to) {
      copy(from, to);
      out.put(',');
    }

    private void endRecord() throws RejectedPayload {
      out.put(topicMember(reading.topic()));
      out.put(time(reading.receivedAtMs()));
      out.put(reading.retained() ? RETAINED : LIVE);
      endLine();
    }
  }
}
