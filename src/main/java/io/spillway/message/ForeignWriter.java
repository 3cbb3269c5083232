package io.spillway.message;

import com.fasterxml.jackson.core.JsonToken;
import java.nio.charset.StandardCharsets;

/**
 * Writes records of whoever is neither an acknowledged edge nor a source of the server. They stay
 * as they came, but for what only those may say: an {@code _id} is what the sender claims, and
 * would make other records look stored, so it becomes {@code _claimed_id}; {@code _by} goes; and a
 * record that does not say in {@code _ts_src} when it was made gets the time at which it came.
 */
final class ForeignWriter extends LineWriter {
  private static final byte[] CLAIMED = ascii("\"_claimed_id\":");
  private static final String ID = "_id";
  private static final String TIME = "_ts_src";

  private final byte[] receivedAt;
  private boolean empty;
  private boolean timed;

  ForeignWriter(byte[] bytes, boolean lineBreaks, Lines.Builder out, long receivedAtMs) {
    super(bytes, lineBreaks, out);
    receivedAt = ascii("\"" + TIME + "\":\"" + Timestamps.format(receivedAtMs) + "\"}");
  }

  @Override
  public void object(int from, int to, boolean hasReservedMember) throws RejectedPayload {
    timed = false;
    if (hasReservedMember) {
      empty = true;
      out.put('{');
      Payload.visitMembers(bytes, from, to, this::member);
    } else {
      int brace = to - 1;
      empty = Blanks.skipBlank(bytes, from + 1, brace) == brace;
      copy(from, brace);
    }
    endRecord();
  }

  @Override
  public void value(int from, int to) throws RejectedPayload {
    timed = false;
    empty = false;
    out.put(VALUE);
    copy(from, to);
    endRecord();
  }

  private void member(String name, JsonToken type, int from, int valueFrom, int to) {
    if (name.equals(Payload.WRITER)) {
      return;
    }
    if (!empty) {
      out.put(',');
    }
    empty = false;
    timed |= name.equals(TIME);
    if (name.equals(ID)) {
      out.put(CLAIMED);
      copy(valueFrom, to);
    } else {
      copy(from, to);
    }
  }

  private void endRecord() throws RejectedPayload {
    if (timed) {
      out.put('}');
    } else {
      if (!empty) {
        out.put(',');
      }
      out.put(receivedAt);
    }
    endLine();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
