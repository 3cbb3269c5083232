package io.spillway.bus;

import io.spillway.message.Lines;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.Consumer;

/** Appends the fields of a body, in an order that its reader knows. */
record WireWriter(Buffer wire) {
  WireWriter number(long value) {
    wire.appendLong(value);
    return this;
  }

  WireWriter flag(boolean value) {
    wire.appendByte((byte) (value ? 1 : 0));
    return this;
  }

  WireWriter bytes(byte[] value) {
    wire.appendInt(value.length).appendBytes(value);
    return this;
  }

  WireWriter text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  WireWriter lines(Lines lines) {
    wire.appendInt(lines.count()).appendInt(lines.length());
    wire.appendBytes(lines.array(), lines.from(), lines.length());
    return this;
  }

  <T> WireWriter each(Collection<T> values, Consumer<T> writer) {
    wire.appendInt(values.size());
    values.forEach(writer);
    return this;
  }
}
