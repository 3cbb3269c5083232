package io.spillway.bus;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Passes an immutable record by reference inside this JVM, and as bytes to another one. */
final class RecordCodec<T> implements MessageCodec<T, T> {
  private final Class<T> type;
  private final BiConsumer<T, WireWriter> encode;
  private final Function<WireReader, T> decode;

  RecordCodec(Class<T> type, BiConsumer<T, WireWriter> encode, Function<WireReader, T> decode) {
    this.type = type;
    this.encode = encode;
    this.decode = decode;
  }

  static <T> void register(
      Vertx vertx,
      Class<T> type,
      BiConsumer<T, WireWriter> encode,
      Function<WireReader, T> decode) {
    vertx.eventBus().registerDefaultCodec(type, new RecordCodec<>(type, encode, decode));
  }

  /** For what never leaves this JVM. */
  static <T> void registerLocal(Vertx vertx, Class<T> type) {
    register(
        vertx,
        type,
        (body, out) -> {
          throw new IllegalStateException(type.getSimpleName() + " stays in this process");
        },
        in -> {
          throw new IllegalStateException(type.getSimpleName() + " stays in this process");
        });
  }

  @Override
  public void encodeToWire(Buffer wire, T body) {
    int lengthAt = wire.length();
    wire.appendInt(0);
    encode.accept(body, new WireWriter(wire));
    wire.setInt(lengthAt, wire.length() - lengthAt - Integer.BYTES);
  }

  @Override
  public T decodeFromWire(int position, Buffer wire) {
    int from = position + Integer.BYTES;
    return decode.apply(new WireReader(wire, from, from + wire.getInt(position)));
  }

  @Override
  public T transform(T body) {
    return body;
  }

  @Override
  public String name() {
    return type.getName();
  }

  @Override
  public byte systemCodecID() {
    return -1; // "not a built-in codec", by the MessageCodec contract
  }
}
