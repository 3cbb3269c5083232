package io.spillway.server.records;

import io.netty.buffer.ByteBuf;
import io.spillway.config.RouteConfig;
import io.spillway.topic.FilterTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One stored record as readers get it: its members, {@code type} unless it has one, {@code
 * _offset}. The stored bytes are copied as they are, with the new members before the last brace.
 *
 * <p>Looks at one record after the other; for one thread.
 */
public final class RecordView {
  private static final byte[] OFFSET = "\"_offset\":".getBytes(StandardCharsets.US_ASCII);

  /** A colon and this are all that may stand between an object's braces if it has no member. */
  private static final int DIGITS_MAX = 20;

  private final FilterTree<String> routes = new FilterTree<>();
  private final List<String> topics = new ArrayList<>();
  private final byte[] digits = new byte[DIGITS_MAX];
  private String renderedType = TopicNames.DEFAULT_TYPE;
  private byte[] typeMember = typeMember(renderedType);

  private byte[] line;
  private int from;
  private int to;
  private boolean empty;
  private long offset;
  private RecordTags tags;
  private boolean typed;

  public RecordView(List<RouteConfig> routes) {
    routes.forEach(route -> this.routes.add(route.filter(), route.topic()));
  }

  /**
   * Looks at the record {@code bytes[start, end)}, without its line end.
   *
   * @param offset in the journal; 0 for a record of another host's journal, which is shown without
   * @return false if it is not an object, and so cannot be shown: the journal was written by hand
   */
  public boolean look(byte[] bytes, int start, int end, long offset) {
    line = bytes;
    from = start;
    to = end;
    this.offset = offset;
    tags = null;
    topics.clear();
    while (to > from && isBlank(bytes[to - 1])) {
      to--;
    }
    while (from < to && isBlank(bytes[from])) {
      from++;
    }
    if (to - from < 2 || bytes[from] != '{' || bytes[to - 1] != '}') {
      return false;
    }
    int last = to - 2;
    while (isBlank(bytes[last])) {
      last--;
    }
    empty = last == from;
    typed = RecordTags.mayHaveType(bytes, from, to) && tags().type() != null;
    return true;
  }

  /** The offset it was looked at with. */
  public long offset() {
    return offset;
  }

  /** The MQTT topic it came on, or null. */
  public String mqttTopic() {
    return tags().topic();
  }

  /** The topics it is on, but for {@code all} and MQTT filters; names in the plural. */
  public List<String> topics() {
    if (topics.isEmpty()) {
      if (!routes.isEmpty() && mqttTopic() != null) {
        routes.match(mqttTopic(), topic -> topics.add(TopicNames.topicOf(topic)));
      }
      if (typed) {
        topics.add(TopicNames.topicOf(tags().type()));
      } else if (topics.isEmpty()) {
        topics.add(TopicNames.topicOf(TopicNames.DEFAULT_TYPE));
      }
      if (TopicNames.isEvent(type())) {
        topics.add(TopicNames.EVENTS);
      }
    }
    return topics;
  }

  /** Whether a reader with this selection gets it. */
  public boolean isIn(Selection selection) {
    if (selection.isAll()) {
      return true;
    }
    Set<String> names = selection.names();
    for (String topic : topics()) {
      if (names.contains(topic)) {
        return true;
      }
    }
    return !selection.filters().isEmpty() && selection.matches(List.of(), mqttTopic());
  }

  /** Its type: its own, or that of the first route that takes it, or {@code measurement}. */
  public String type() {
    return typed ? tags().type() : TopicNames.typeOf(topics().get(0));
  }

  /** How many bytes {@link #writeTo} writes. */
  public int length() {
    int length = to - from;
    if (!typed) {
      length += typeMember().length + (empty ? 0 : 1);
    }
    if (offset > 0) {
      length += OFFSET.length + digitsOf(offset) + (empty && typed ? 0 : 1);
    }
    return length;
  }

  /** Writes it as one JSON object. */
  public void writeTo(ByteBuf out) {
    out.writeBytes(line, from, to - from - 1);
    boolean first = empty;
    if (!typed) {
      comma(out, first).writeBytes(typeMember());
      first = false;
    }
    if (offset > 0) {
      comma(out, first).writeBytes(OFFSET);
      writeDigits(out);
    }
    out.writeByte('}');
  }

  private static ByteBuf comma(ByteBuf out, boolean first) {
    return first ? out : out.writeByte(',');
  }

  private void writeDigits(ByteBuf out) {
    int at = DIGITS_MAX;
    for (long rest = offset; rest > 0; rest /= 10) {
      digits[--at] = (byte) ('0' + rest % 10);
    }
    out.writeBytes(digits, at, DIGITS_MAX - at);
  }

  private static int digitsOf(long number) {
    int count = 0;
    for (long rest = number; rest > 0; rest /= 10) {
      count++;
    }
    return count;
  }

  /** For a record without a type; mostly the same as for the one before. */
  private byte[] typeMember() {
    String type = routes.isEmpty() ? TopicNames.DEFAULT_TYPE : type();
    if (!type.equals(renderedType)) {
      renderedType = type;
      typeMember = typeMember(type);
    }
    return typeMember;
  }

  private static byte[] typeMember(String type) {
    return ("\"type\":\"" + type + '"').getBytes(StandardCharsets.UTF_8);
  }

  private RecordTags tags() {
    if (tags == null) {
      tags = RecordTags.of(line, from, to);
    }
    return tags;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }
}
