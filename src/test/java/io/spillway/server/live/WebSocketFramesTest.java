package io.spillway.server.live;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.spillway.wire.CloseCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The frames we write, read by Netty's decoder")
class WebSocketFramesTest {
  private static final UnpooledByteBufAllocator MEMORY = UnpooledByteBufAllocator.DEFAULT;

  private final EmbeddedChannel client =
      new EmbeddedChannel(new WebSocket13FrameDecoder(false, false, 1 << 20));

  @AfterEach
  void close() {
    client.finishAndReleaseAll();
  }

  private <T extends WebSocketFrame> T read(Class<T> type) {
    WebSocketFrame frame = client.readInbound();
    assertThat(frame).isInstanceOf(type);
    assertThat(frame.isFinalFragment()).isTrue();
    assertThat(frame.rsv()).isZero();
    return type.cast(frame);
  }

  @ParameterizedTest(name = "{0} bytes")
  @DisplayName("carry text of every class of length")
  @ValueSource(ints = {0, 1, 124, 125, 126, 127, 255, 256, 32_767, 32_768, 65_535, 65_536, 70_000})
  void lengths(int length) {
    String text = "x".repeat(length);
    ByteBuf twice = Unpooled.buffer();
    for (int i = 0; i < 2; i++) {
      ByteBuf frame = WebSocketFrames.text(MEMORY, text);
      assertThat(frame.readableBytes()).isLessThanOrEqualTo(length + WebSocketFrames.HEADER_MAX);
      twice.writeBytes(frame);
      frame.release();
    }
    client.writeInbound(twice);
    for (int i = 0; i < 2; i++) {
      TextWebSocketFrame frame = read(TextWebSocketFrame.class);
      assertThat(frame.text()).isEqualTo(text);
      frame.release();
    }
    assertThat(client.<Object>readInbound()).isNull();
  }

  @Test
  @DisplayName("are counted in bytes, not in characters")
  void utf8() {
    client.writeInbound(WebSocketFrames.text(MEMORY, "é€𝄞".repeat(20)));
    assertThat(read(TextWebSocketFrame.class).text()).isEqualTo("é€𝄞".repeat(20));
  }

  @Test
  @DisplayName("may be a ping, and the pong to one")
  void pingPong() {
    client.writeInbound(WebSocketFrames.ping(Unpooled.buffer()));
    assertThat(read(PingWebSocketFrame.class).content().readableBytes()).isZero();
    byte[] payload = "p".repeat(125).getBytes(US_ASCII);
    client.writeInbound(WebSocketFrames.pong(MEMORY, Unpooled.wrappedBuffer(payload)));
    assertThat(read(PongWebSocketFrame.class).content().toString(US_ASCII)).hasSize(125);
  }

  @Test
  @DisplayName("close with a code and as much of the reason as fits")
  void closing() {
    client.writeInbound(WebSocketFrames.close(CloseCode.TOO_SLOW, "é".repeat(200)));
    CloseWebSocketFrame frame = read(CloseWebSocketFrame.class);
    assertThat(frame.statusCode()).isEqualTo(4408);
    assertThat(frame.reasonText()).matches("é{50,61}…?");
  }

  @Test
  @DisplayName("echo a close, also one without a code")
  void echo() {
    client.writeInbound(WebSocketFrames.echo(MEMORY, Unpooled.EMPTY_BUFFER));
    assertThat(read(CloseWebSocketFrame.class).statusCode()).isEqualTo(-1);
  }

  @Test
  @DisplayName("echo the code and the reason of a close")
  void echoCode() {
    CloseWebSocketFrame theirs = new CloseWebSocketFrame(1000, "bye");
    client.writeInbound(WebSocketFrames.echo(MEMORY, theirs.content()));
    CloseWebSocketFrame frame = read(CloseWebSocketFrame.class);
    assertThat(frame.statusCode()).isEqualTo(1000);
    assertThat(frame.reasonText()).isEqualTo("bye");
  }
}
