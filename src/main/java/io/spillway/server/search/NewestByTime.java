package io.spillway.server.search;

import io.netty.buffer.Unpooled;
import io.spillway.message.RecordKey;
import io.spillway.server.part.JsonBody;
import io.spillway.server.records.RecordView;
import java.util.Map;
import java.util.TreeMap;

/**
 * The newest records by time, each once, wherever they come from: at most so many, and so many
 * bytes unless a single one is longer.
 */
final class NewestByTime {
  private final int recordsMax;
  private final int bytesMax;
  private final TreeMap<RecordKey, byte[]> records = new TreeMap<>();
  private int bytes;
  private boolean full;

  NewestByTime(int recordsMax, int bytesMax) {
    this.recordsMax = recordsMax;
    this.bytesMax = bytesMax;
  }

  /** Adds a record, if it is not there; the oldest make room. */
  void add(RecordKey key, RecordView view) {
    if (records.containsKey(key)) {
      return;
    }
    byte[] json = new byte[view.length()];
    view.writeTo(Unpooled.wrappedBuffer(json).clear());
    records.put(key, json);
    bytes += json.length;
    while (records.size() > recordsMax || (records.size() > 1 && bytes > bytesMax)) {
      Map.Entry<RecordKey, byte[]> oldest = records.pollFirstEntry();
      bytes -= oldest.getValue().length;
      full = true;
    }
  }

  /** Whether some had to make room. */
  boolean isFull() {
    return full;
  }

  int size() {
    return records.size();
  }

  /** The oldest one; there must be one. */
  RecordKey first() {
    return records.firstKey();
  }

  /** Takes them all out, as a JSON array, newest last. */
  JsonBody toJson() {
    return JsonPieces.body("", this::takeFirst, size(), bytes, "");
  }

  private byte[] takeFirst() {
    Map.Entry<RecordKey, byte[]> first = records.pollFirstEntry();
    return first == null ? null : first.getValue();
  }
}
