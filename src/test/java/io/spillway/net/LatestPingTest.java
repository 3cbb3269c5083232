package io.spillway.net;

import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The latest ping")
class LatestPingTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<String> heard = new ArrayList<>();

  private final List<Integer> payload = new ArrayList<>();

  LatestPingTest() {
    channel.pipeline().addLast(new LatestPing(payload::add)).addLast(new Last());
  }

  /** In the place of Vert.x. */
  private final class Last extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      WebSocketFrame frame = (WebSocketFrame) message;
      heard.add(frame.content().toString(StandardCharsets.UTF_8));
      frame.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      heard.add("|");
    }
  }

  private PingWebSocketFrame ping(String text) {
    PingWebSocketFrame ping = new PingWebSocketFrame(Unpooled.copiedBuffer(utf8(text)));
    channel.writeInbound(ping);
    return ping;
  }

  private void writable(boolean is) {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, is);
    channel.runPendingTasks();
  }

  @Test
  @DisplayName("is each of them, as long as pongs can be written")
  void each() {
    ping("1");
    ping("2");
    assertThat(heard).containsExactly("1", "|", "2", "|");
  }

  @Test
  @DisplayName("is the last of those that one read has brought; all of them are counted")
  void oneOfARead() {
    PingWebSocketFrame first = new PingWebSocketFrame(Unpooled.copiedBuffer(utf8("one")));
    channel.writeInbound(
        first,
        new TextWebSocketFrame("text"),
        new PingWebSocketFrame(),
        new PingWebSocketFrame(Unpooled.copiedBuffer(utf8("three"))));
    assertThat(heard).containsExactly("text", "three", "|");
    assertThat(first.refCnt()).isZero();
    assertThat(payload).containsExactly(3, 0, 5);
  }

  @Test
  @DisplayName("is none behind a close frame, of the peer's")
  void closing() {
    writable(false);
    PingWebSocketFrame before = ping("1");
    channel.writeInbound(new CloseWebSocketFrame(1000, ""));
    assertThat(before.refCnt()).isZero();
    heard.clear();
    writable(true);
    assertThat(heard).isEmpty();
  }

  @Test
  @DisplayName("is none behind a close frame of ours")
  void closed() {
    channel.writeOutbound(new CloseWebSocketFrame(1000, ""));
    PingWebSocketFrame ping = ping("1");
    assertThat(ping.refCnt()).isZero();
    assertThat(heard).containsExactly("|");
    channel.releaseOutbound();
  }

  @Test
  @DisplayName("is the one that is answered when pongs can be written again; the others are gone")
  void latest() {
    writable(false);
    PingWebSocketFrame first = ping("1");
    ping("2");
    PingWebSocketFrame last = ping("3");
    channel.writeInbound(new TextWebSocketFrame("text"));
    assertThat(heard).containsExactly("|", "|", "|", "text", "|");
    heard.clear();
    assertThat(first.refCnt()).isZero();

    writable(true);
    assertThat(heard).containsExactly("3", "|");
    assertThat(last.refCnt()).isZero();
    writable(false);
    writable(true);
    assertThat(heard).hasSize(2);
  }

  @Test
  @DisplayName("is let go of with the connection")
  void gone() {
    writable(false);
    PingWebSocketFrame ping = ping("1");
    channel.finish();
    assertThat(ping.refCnt()).isZero();
    assertThat(heard).containsExactly("|");
  }
}
