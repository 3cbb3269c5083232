package io.spillway.message;

import com.fasterxml.jackson.core.JsonToken;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Turns an MQTT payload into NDJSON lines: one for an object, one per element for an array, as many
 * for each of several lines of NDJSON; a bare value is one only where that is wanted. All have
 * {@code _topic}, {@code _ts_src} and {@code _retained} spliced in before the closing brace. Byte
 * order marks in front of a payload or a line count for nothing, and either of nothing else is
 * empty. The bytes of the payload are copied as they came, but for line breaks between tokens and
 * for members that have one of our names. ({@code _id} is added by the spool, which knows the
 * position.)
 *
 * <p>Not for several threads at once.
 */
public final class Enricher {
  private static final int TOPICS_REMEMBERED = 1_000;
  private static final byte[] RETAINED = utf8("\",\"_retained\":true}");
  private static final byte[] LIVE = utf8("\",\"_retained\":false}");

  private final boolean wrapping;
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
   * For payloads of any sort.
   *
   * @param wrapping whether a bare value becomes {@code {"value": …}}, and text that is no JSON a
   *     JSON string in it, or is rejected
   */
  public Enricher(boolean wrapping) {
    this.wrapping = wrapping;
  }

  /**
   * Adds the lines of one payload to {@code out}; nothing is added when it is rejected or anything
   * else is thrown, and one line of several that is none rejects them all.
   *
   * @return how many lines were added, at least one
   * @throws RejectedPayload if it is none of them, not in UTF-8, or an empty array
   */
  public int enrich(Reading reading, Lines.Builder out) throws RejectedPayload {
    int atLength = out.length();
    int atCount = out.count();
    boolean whole = false;
    try {
      write(reading, out);
      whole = true;
    } finally {
      if (!whole) {
        out.cutBack(atLength, atCount);
      }
    }
    if (out.count() == atCount) {
      throw new RejectedPayload(RejectionKind.EMPTY, "an empty array: there is no record in it");
    }
    return out.count() - atCount;
  }

  private void write(Reading reading, Lines.Builder out) throws RejectedPayload {
    byte[] bytes = reading.payload();
    int to = bytes.length;
    int from = Blanks.skipMark(bytes, 0, to);
    boolean lineBreaks = payload.check(bytes, from, to);
    Writer writer = new Writer(reading, lineBreaks, out);
    int start = Blanks.begin(bytes, from, to);
    if (start < to && !Payload.isDocument(bytes[start])) {
      writeBareValue(bytes, from, start, writer);
    } else if (lineBreaks && isSeveral(bytes, start, to)) {
      payload.walkLines(bytes, from, to, writer);
    } else {
      payload.walk(bytes, from, to, writer);
    }
  }

  /** Whether the first line is a document by itself, and not the last. */
  private static boolean isSeveral(byte[] bytes, int start, int to) {
    int end = Blanks.lineEnd(bytes, start, to);
    return Blanks.skipBlank(bytes, end, to) < to && Payload.isValue(bytes, start, end);
  }

  private void writeBareValue(byte[] bytes, int from, int start, Writer writer)
      throws RejectedPayload {
    if (!wrapping) {
      throw new RejectedPayload(
          RejectionKind.BARE_VALUE,
          "a bare value, and not a JSON object or array; \"edge.mqtt.scalars\": \"wrap\" makes"
              + " {\"value\": …} of it");
    }
    if (Payload.isValue(bytes, start, bytes.length)) {
      int end = bytes.length;
      while (Blanks.skipBlank(bytes, end - 1, end) == end) {
        end--;
      }
      writer.value(start, end);
    } else {
      writer.text(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8));
    }
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
      formatted = utf8(Timestamps.format(atMs));
      formattedAtMs = atMs;
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
      if (Blanks.skipBlank(bytes, from + 1, brace) < brace) {
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

    void text(String text) throws RejectedPayload {
      out.put(VALUE).put(utf8('"' + JsonText.escape(text) + '"')).put(',');
      endRecord();
    }

    private void member(String name, JsonToken type, int from, int valueFrom, int to) {
      if (!Payload.RESERVED.contains(name)) {
        copy(from, to);
        out.put(',');
      }
    }

    private void endRecord() throws RejectedPayload {
      out.put(topicMember(reading.topic()));
      out.put(time(reading.receivedAtMs()));
      out.put(reading.retained() ? RETAINED : LIVE);
      endLine();
    }
  }
}
