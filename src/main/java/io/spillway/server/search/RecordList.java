package io.spillway.server.search;

import io.netty.buffer.Unpooled;
import io.spillway.server.part.JsonBody;
import io.spillway.server.records.RecordView;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Records on their way out, as readers see them, oldest first: at most so many, and so many bytes
 * unless a single one is longer.
 */
final class RecordList {
  private record Entry(long offset, byte[] json) {}

  private final int recordsMax;
  private final int bytesMax;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private int bytes;

  RecordList(int recordsMax, int bytesMax) {
    this.recordsMax = recordsMax;
    this.bytesMax = bytesMax;
  }

  /** Adds a record behind the others; false if there is no room. */
  boolean add(RecordView view) {
    if (size() >= recordsMax || (size() > 0 && bytes + view.length() > bytesMax)) {
      return false;
    }
    append(view);
    return true;
  }

  /** Adds a record behind the others, of which the first make room; true if one had to. */
  boolean push(RecordView view) {
    append(view);
    boolean full = false;
    while (size() > recordsMax || (size() > 1 && bytes > bytesMax)) {
      bytes -= entries.removeFirst().json.length;
      full = true;
    }
    return full;
  }

  /** Puts older ones before the others; false if not all of them had room. */
  boolean prepend(RecordList older) {
    while (!older.entries.isEmpty()) {
      Entry last = older.entries.removeLast();
      if (size() >= recordsMax || (size() > 0 && bytes + last.json.length > bytesMax)) {
        return false;
      }
      entries.addFirst(last);
      bytes += last.json.length;
    }
    return true;
  }

  int size() {
    return entries.size();
  }

  /** The offset of the first one. */
  long firstOffset() {
    return entries.getFirst().offset;
  }

  /** How many more bytes there is room for. */
  int room() {
    return Math.max(0, bytesMax - bytes);
  }

  /** Takes them all out, as a JSON array with this around it. */
  JsonBody toJson(String head, String tail) {
    return JsonPieces.body(head, this::takeFirst, size(), bytes, tail);
  }

  private byte[] takeFirst() {
    Entry first = entries.pollFirst();
    return first == null ? null : first.json;
  }

  private void append(RecordView view) {
    byte[] json = new byte[view.length()];
    view.writeTo(Unpooled.wrappedBuffer(json).clear());
    entries.addLast(new Entry(view.offset(), json));
    bytes += json.length;
  }
}
