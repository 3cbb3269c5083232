package io.spillway.server.search;

import io.spillway.server.part.JsonBody;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/**
 * A JSON array of records, and what stands around it, in pieces of which only the one that is
 * written is a copy: the records are let go of as they are taken.
 */
final class JsonPieces implements Iterator<Buffer> {
  private static final int PIECE = 64 << 10;

  private final Supplier<byte[]> records;
  private final String tail;
  private Buffer piece;
  private byte[] next;
  private String comma = "";

  private JsonPieces(String head, Supplier<byte[]> records, String tail) {
    this.records = records;
    this.tail = tail;
    piece = Buffer.buffer(head);
    next = records.get();
  }

  /**
   * @param head in front of the array
   * @param records takes out the next one; null when there is none
   * @param count how many there are
   * @param bytes of all of them
   * @param tail behind the array
   */
  static JsonBody body(String head, Supplier<byte[]> records, int count, long bytes, String tail) {
    String before = head + '[';
    String behind = ']' + tail;
    long around = (long) utf8Length(before) + utf8Length(behind) + Math.max(0, count - 1);
    return new JsonBody(around + bytes, new JsonPieces(before, records, behind));
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public boolean hasNext() {
    return piece != null;
  }

  @Override
  public Buffer next() {
    if (piece == null) {
      throw new NoSuchElementException();
    }
    Buffer full = piece;
    for (; next != null && full.length() < PIECE; next = records.get()) {
      full.appendString(comma).appendBytes(next);
      comma = ",";
    }
    piece = next == null ? null : Buffer.buffer();
    return next == null ? full.appendString(tail) : full;
  }
}
