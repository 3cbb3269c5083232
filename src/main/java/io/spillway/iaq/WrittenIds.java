package io.spillway.iaq;

import io.spillway.message.Lines;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * The identities of derived records that are in the journal already, behind the position that was
 * saved. For one thread at a time.
 */
final class WrittenIds {
  /** There are no more between two saves, unless these fail. */
  private static final int MOST = 1_000_000;

  private static final byte[] MEMBER = ",\"_id\":\"iaq.".getBytes(StandardCharsets.US_ASCII);
  private static final int TEXT_FROM = MEMBER.length - "iaq.".length();
  private static final int LONGEST = 80;

  private final Set<String> ids = new HashSet<>();

  /** Takes up those that are among stored records. */
  void addFrom(Lines lines) {
    byte[] bytes = lines.array();
    int end;
    for (int start = lines.from(); start < lines.to() && ids.size() < MOST; start = end) {
      end = lines.endOfLine(start);
      add(bytes, start, end - 1);
    }
  }

  /** A derived record ends with its {@code _id}. */
  private void add(byte[] bytes, int from, int to) {
    int last = to - 2;
    for (int at = last - MEMBER.length; at >= from && last - at <= LONGEST; at--) {
      if (isMember(bytes, at)) {
        int start = at + TEXT_FROM;
        ids.add(new String(bytes, start, last - start, StandardCharsets.US_ASCII));
        return;
      }
    }
  }

  private static boolean isMember(byte[] bytes, int at) {
    for (int i = 0; i < MEMBER.length; i++) {
      if (bytes[at + i] != MEMBER[i]) {
        return false;
      }
    }
    return true;
  }

  boolean has(String id) {
    return !ids.isEmpty() && ids.contains(id);
  }

  int size() {
    return ids.size();
  }

  void clear() {
    ids.clear();
  }
}
