package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The limit of a message from PostgreSQL")
class MessageLimitTest {
  private static final int BYTES_MAX = 1_000;
  private static final int ANSWER_MAX = 5_000;

  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new MessageLimit(
              BYTES_MAX,
              ANSWER_MAX,
              length -> new IllegalStateException(length + " bytes"),
              length -> new IllegalStateException(length + " bytes in all")));

  /** As TLS does: it says so to the other side before it closes. */
  private static final class Closing extends ChannelOutboundHandlerAdapter {
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
      // not yet
    }
  }

  private static void message(ByteBuf to, int length) {
    to.writeByte('D').writeInt(length).writeZero(Math.max(0, length - Integer.BYTES));
  }

  private static void ready(ByteBuf to) {
    to.writeByte('Z').writeInt(Integer.BYTES + 1).writeByte('I');
  }

  private int passed() {
    int bytes = 0;
    for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
      bytes += part.readableBytes();
      part.release();
    }
    return bytes;
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  @DisplayName("lets all pass that are no longer, wherever they are cut")
  void passes(int seed) {
    Random random = new Random(seed);
    ByteBuf stream = Unpooled.buffer();
    for (int i = 0; i < 20; i++) {
      message(stream, Integer.BYTES + random.nextInt(BYTES_MAX - Integer.BYTES + 1));
      if (i % 4 == 3) {
        ready(stream);
      }
    }
    message(stream, BYTES_MAX);
    message(stream, Integer.BYTES);
    int bytes = stream.readableBytes();
    while (stream.isReadable()) {
      int part = Math.min(stream.readableBytes(), 1 + random.nextInt(1 << random.nextInt(12)));
      channel.writeInbound(stream.readBytes(part));
    }
    assertThat(passed()).isEqualTo(bytes);
    assertThat(channel.isOpen()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {BYTES_MAX + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 3, 0})
  @DisplayName("ends a connection by the header of one that is longer, or shorter than its header")
  void tooLong(int length) {
    ByteBuf stream = Unpooled.buffer();
    message(stream, 100);
    message(stream, BYTES_MAX);
    channel.writeInbound(stream);
    assertThat(passed()).isEqualTo(100 + BYTES_MAX + 2);

    ByteBuf header = Unpooled.buffer().writeByte('E').writeInt(length);
    channel.writeInbound(header.readBytes(4));
    assertThat(channel.isOpen()).isTrue();
    assertThatThrownBy(() -> channel.writeInbound(header))
        .hasMessage(Integer.toUnsignedLong(length) + " bytes");
    assertThat(channel.isOpen()).isFalse();
    assertThat(header.refCnt()).isZero();
    assertThat(passed()).isEqualTo(4);
  }

  @Test
  @DisplayName("ends a connection by the message with which an answer would be longer")
  void answerWithoutEnd() {
    ByteBuf stream = Unpooled.buffer();
    for (int answer = 0; answer < 3; answer++) {
      for (int i = 0; i < 5; i++) {
        message(stream, ANSWER_MAX / 5 - 1); // to the last byte
      }
      ready(stream);
    }
    channel.writeInbound(stream);
    assertThat(channel.isOpen()).isTrue();

    ByteBuf more = Unpooled.buffer();
    for (int i = 0; i < 5; i++) {
      message(more, ANSWER_MAX / 5 - 1);
    }
    message(more, Integer.BYTES);
    assertThatThrownBy(() -> channel.writeInbound(more))
        .hasMessage(ANSWER_MAX + 1 + Integer.BYTES + " bytes in all");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  @DisplayName("hands on nothing that comes behind it")
  void behind() {
    channel.pipeline().addFirst(new Closing());
    ByteBuf late = Unpooled.buffer().writeByte('E').writeInt(9);
    assertThatThrownBy(() -> channel.writeInbound(Unpooled.buffer().writeByte('E').writeInt(-1)))
        .isInstanceOf(IllegalStateException.class);
    channel.writeInbound(late);
    assertThat(late.refCnt()).isZero();
    assertThat(passed()).isZero();
  }
}
