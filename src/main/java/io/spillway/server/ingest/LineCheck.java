package io.spillway.server.ingest;

import io.spillway.bus.StoreRequest.Refused;
import io.spillway.message.Lines;
import io.spillway.message.Payload;
import io.spillway.message.Rejected;
import io.spillway.message.RejectedPayload;
import io.spillway.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Looks at every line of a batch before it is stored: one JSON object, in UTF-8, that ends with the
 * {@code _id} it must have at its place in the sequence. An edge is believed, but not blindly.
 */
final class LineCheck {
  private final Payload payload = new Payload();
  private final TimeSource time;

  LineCheck(TimeSource time) {
    this.time = time;
  }

  /**
   * @param good the lines that may be stored; the very same when that is all of them
   * @param refused the others
   */
  record Result(Lines good, List<Refused> refused) {}

  Result check(String edge, String epoch, long first, Lines lines) {
    byte[] prefix = (",\"_id\":\"" + edge + '.' + epoch + '.').getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = lines.array();
    List<Refused> refused = new ArrayList<>(0);
    Lines.Builder kept = null;
    long seq = first;
    int end;
    for (int start = lines.from(); start < lines.to(); start = end, seq++) {
      end = lines.endOfLine(start);
      try {
        payload.requireObject(bytes, start, end - 1);
        requireId(bytes, end - 1, prefix, seq);
        if (kept != null) {
          kept.put(bytes, start, end - 1).endLine();
        }
      } catch (RejectedPayload e) {
        if (kept == null) {
          kept = new Lines.Builder(lines.length());
          kept.add(lines.limit((int) (seq - first)));
        }
        byte[] line = Arrays.copyOfRange(bytes, start, end - 1);
        String id = edge + '.' + epoch + '.' + seq; // which the line need not say
        Rejected rejected = new Rejected(id, time.wallMs(), e.getMessage(), line, line.length);
        refused.add(new Refused(seq, rejected));
      }
    }
    return new Result(kept == null ? lines : kept.build(), refused);
  }

  private static void requireId(byte[] bytes, int end, byte[] prefix, long seq)
      throws RejectedPayload {
    int at = end - 2; // in front of the closing quote and brace
    if (bytes[end - 1] != '}' || bytes[at] != '"') {
      throw new RejectedPayload("does not end with its _id");
    }
    long rest = seq;
    do {
      if (bytes[--at] != '0' + rest % 10) {
        throw new RejectedPayload("its _id does not end with " + seq);
      }
      rest /= 10;
    } while (rest > 0);
    int from = at - prefix.length;
    if (from < 0 || !Arrays.equals(bytes, from, at, prefix, 0, prefix.length)) {
      throw new RejectedPayload("its _id is not of this edge and epoch");
    }
  }
}
