package io.spillway.store;

import java.nio.charset.StandardCharsets;

/**
 * Reads {@code _id} from the end of a line, where the edge has put it: {@code
 * …,"_id":"<edge>.<epoch>.<seq>"}}.
 *
 * @param source edge and epoch, {@code pi-attic.3f9a1c2e}
 */
record RecordId(String source, long seq) {
  private static final byte[] MEMBER = ",\"_id\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST = 64 + 1 + 64 + 1 + 19;

  /** The identity of the line {@code line[from, to)}, without line end; null if it has none. */
  static RecordId atEndOf(byte[] line, int from, int to) {
    int quote = to - 2;
    if (quote <= from || line[to - 1] != '}' || line[quote] != '"') {
      return null;
    }
    long seq = 0;
    long digit = 1;
    int at = quote - 1;
    while (at > from && line[at] >= '0' && line[at] <= '9' && quote - at <= 18) {
      seq += digit * (line[at] - '0');
      digit *= 10;
      at--;
    }
    int dot = at;
    if (dot == quote - 1 || line[dot] != '.') {
      return null;
    }
    while (at > from && line[at] != '"' && quote - at <= LONGEST) {
      at--;
    }
    int start = at + 1;
    if (line[at] != '"' || !endsWithMember(line, from, start)) {
      return null;
    }
    return new RecordId(new String(line, start, dot - start, StandardCharsets.US_ASCII), seq);
  }

  private static boolean endsWithMember(byte[] line, int from, int end) {
    int start = end - MEMBER.length;
    if (start < from) {
      return false;
    }
    for (int i = 0; i < MEMBER.length; i++) {
      if (line[start + i] != MEMBER[i]) {
        return false;
      }
    }
    return true;
  }
}
