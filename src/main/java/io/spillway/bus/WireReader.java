package io.spillway.bus;

import io.spillway.message.Lines;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reads the fields of a body in the order in which {@link WireWriter} wrote them. */
final class WireReader {
  private final Buffer wire;
  private final int end;
  private int at;

  WireReader(Buffer wire, int at, int end) {
    this.wire = wire;
    this.at = at;
    this.end = end;
  }

  /** Whether there is another field: an older version may write fewer of them. */
  boolean hasMore() {
    return at < end;
  }

  long number() {
    long value = wire.getLong(at);
    at += Long.BYTES;
    return value;
  }

  boolean flag() {
    return wire.getByte(at++) != 0;
  }

  byte[] bytes() {
    int length = length();
    at += length;
    return wire.getBytes(at - length, at);
  }

  String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  Lines lines() {
    int count = length();
    return new Lines(bytes(), count);
  }

  <T> List<T> list(Supplier<T> reader) {
    int size = length();
    List<T> values = new ArrayList<>(Math.min(size, 1_000));
    for (int i = 0; i < size; i++) {
      values.add(reader.get());
    }
    return List.copyOf(values);
  }

  private int length() {
    int value = wire.getInt(at);
    at += Integer.BYTES;
    return value;
  }
}
