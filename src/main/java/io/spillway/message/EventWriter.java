package io.spillway.message;

import com.fasterxml.jackson.core.JsonToken;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/**
 * Turns the body of an event into NDJSON lines: one for an object, one per element for an array.
 * The body's bytes are copied as they came; behind them stand {@code type} and {@code timestamp}
 * unless the body has them, and always {@code _key}, {@code _id} and {@code _ts_src}, which win
 * over the body's own.
 *
 * <p>There is no {@code _topic}: a routing key is no MQTT topic, and a filter such as {@code #}
 * must not match it. And {@code _id} ends in {@code #} and the position in the body, so that it can
 * not be taken for the {@code <edge>.<epoch>.<seq>} of an edge.
 *
 * <p>Not for several threads at once.
 */
public final class EventWriter {
  /** Most records that one body may become. */
  static final int RECORDS_MAX = 10_000;

  private static final long GROWTH_MAX = 8 << 20;

  private static final String KEY = "_key";
  private static final String TYPE = "type";
  private static final String TIMESTAMP = "timestamp";
  private static final byte[] ID_MEMBER = utf8(",\"_id\":\"");
  private static final byte[] TS_MEMBER = utf8("\",\"_ts_src\":\"");
  private static final byte[] END = utf8("\"}");
  private static final int TIME_LENGTH = "2026-11-21T05:20:00.007Z".length();
  private static final int TAIL_LENGTH = TS_MEMBER.length + TIME_LENGTH + END.length;

  private final Payload payload = new Payload();

  /**
   * Adds the lines of one event to {@code out}; nothing is added when it is rejected.
   *
   * @param stored tells of a record's id whether it is stored already and to be left out
   * @param ids takes the ids of the lines that were added, as {@link #idOf} reads them
   * @return how many records were left out
   * @throws RejectedPayload if it is not one JSON object or array in UTF-8, or an empty array
   */
  public int write(Event event, Predicate<String> stored, Lines.Builder out, List<String> ids)
      throws RejectedPayload {
    int atLength = out.length();
    int atCount = out.count();
    int atIds = ids.size();
    byte[] body = event.body();
    boolean whole = false;
    try {
      int start = Blanks.skipMark(body, 0, body.length);
      boolean lineBreaks = payload.check(body, start, body.length);
      Writer writer = new Writer(event, lineBreaks, out, stored, ids);
      payload.walk(body, start, body.length, writer);
      if (writer.position == 0) {
        throw new RejectedPayload("an empty array: there is no record in it");
      }
      whole = true;
      return writer.position - (out.count() - atCount);
    } finally {
      if (!whole) {
        out.cutBack(atLength, atCount);
        ids.subList(atIds, ids.size()).clear();
      }
    }
  }

  /**
   * The {@code _id} of a line that {@link #write} made, as it stands between the quotes; null if
   * {@code line[from, to)}, without line end, is another one's.
   */
  public static String idOf(byte[] line, int from, int to) {
    int end = to - TAIL_LENGTH;
    if (end <= from || !isAt(TS_MEMBER, line, end) || !isAt(END, line, to - END.length)) {
      return null;
    }
    // Within a text a quote has a backslash before it, so this can be nothing but our member.
    for (int start = end - ID_MEMBER.length; start > from; start--) {
      if (line[start] == ',' && isAt(ID_MEMBER, line, start)) {
        int id = start + ID_MEMBER.length;
        return new String(line, id, end - id, StandardCharsets.UTF_8);
      }
    }
    return null;
  }

  private static boolean isAt(byte[] part, byte[] line, int at) {
    for (int i = 0; i < part.length; i++) {
      if (line[at + i] != part[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Writes the records of one event. */
  private static final class Writer extends LineWriter {
    private final Event event;
    private final Predicate<String> stored;
    private final List<String> ids;
    private final byte[] type;
    private final byte[] timestamp;
    private final byte[] key;
    private final byte[] receivedAt;
    private int position;

    private boolean typed;
    private boolean timed;
    private boolean whole;

    Writer(
        Event event,
        boolean lineBreaks,
        Lines.Builder out,
        Predicate<String> stored,
        List<String> ids) {
      super(event.body(), lineBreaks, out, GROWTH_MAX);
      this.event = event;
      this.stored = stored;
      this.ids = ids;
      String escaped = JsonText.escape(event.key());
      type = utf8(event.key().isBlank() ? "" : "\"type\":\"" + escaped + "\",");
      timestamp = utf8("\"timestamp\":\"" + Timestamps.format(event.sentAtMs()) + "\",");
      key = utf8("\"_key\":\"" + escaped + '"');
      receivedAt = utf8(Timestamps.format(event.receivedAtMs()));
    }

    @Override
    public void object(int from, int to, boolean hasReservedMember) throws RejectedPayload {
      String id = nextId();
      if (stored.test(id)) {
        return;
      }
      look(from, to);
      if (whole) {
        int brace = to - 1;
        copy(from, brace);
        if (Blanks.skipBlank(bytes, from + 1, brace) < brace) {
          out.put(',');
        }
      } else {
        out.put('{');
        Payload.visitMembers(bytes, from, to, this::copyUnlessOurs);
      }
      endRecord(id);
    }

    @Override
    public void value(int from, int to) throws RejectedPayload {
      String id = nextId();
      if (!stored.test(id)) {
        typed = false;
        timed = false;
        out.put(VALUE);
        copy(from, to);
        out.put(',');
        endRecord(id);
      }
    }

    private String nextId() throws RejectedPayload {
      if (position == RECORDS_MAX) {
        throw new RejectedPayload("an array of more than %,d elements".formatted(RECORDS_MAX));
      }
      return JsonText.escape(event.id() + '#' + position++);
    }

    private void look(int from, int to) {
      typed = false;
      timed = false;
      whole = true;
      Payload.visitMembers(
          bytes,
          from,
          to,
          (name, value, start, valueFrom, end) -> {
            boolean ours = isOurs(name, value);
            whole &= !ours;
            typed |= !ours && name.equals(TYPE);
            timed |= !ours && name.equals(TIMESTAMP);
          });
    }

    private void copyUnlessOurs(String name, JsonToken value, int from, int valueFrom, int to) {
      if (!isOurs(name, value)) {
        copy(from, to);
        out.put(',');
      }
    }

    /** A type that is no text cannot be subscribed to; it counts as none, as null does. */
    private boolean isOurs(String name, JsonToken value) {
      return switch (name) {
        case TYPE -> value != JsonToken.VALUE_STRING && type.length > 0;
        case TIMESTAMP -> value == JsonToken.VALUE_NULL;
        default -> name.equals(KEY) || Payload.RESERVED.contains(name);
      };
    }

    private void endRecord(String id) throws RejectedPayload {
      if (!typed) {
        out.put(type);
      }
      if (!timed) {
        out.put(timestamp);
      }
      out.put(key).put(ID_MEMBER).put(utf8(id)).put(TS_MEMBER).put(receivedAt).put(END);
      endLine();
      ids.add(id);
    }
  }
}
