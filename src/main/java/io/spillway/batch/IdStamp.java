package io.spillway.batch;

import io.spillway.journal.LineStamp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Gives a record its {@code _id}; whose it is, is known only when the journal is open. */
final class IdStamp implements LineStamp {
  private volatile byte[] prefix;

  void set(SpoolIdentity identity) {
    prefix = (",\"_id\":\"" + identity + '.').getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void write(long offset, ByteBuffer out) {
    out.put(prefix).put(Long.toString(offset).getBytes(StandardCharsets.US_ASCII)).put((byte) '"');
  }
}
