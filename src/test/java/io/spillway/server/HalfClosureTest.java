package io.spillway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A connection whose client shuts its sending side")
class HalfClosureTest {
  private final EmbeddedChannel channel = new EmbeddedChannel(new HalfClosure());

  private void head() {
    channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
  }

  private void request() {
    head();
    channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  private void answer(HttpResponseStatus status) {
    channel.writeOutbound(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER));
  }

  private void shut() {
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
  }

  @Test
  @DisplayName("is closed behind the answer to its last request")
  void answered() {
    request();
    request();
    shut();
    answer(HttpResponseStatus.OK);
    assertThat(channel.isOpen()).isTrue();
    answer(HttpResponseStatus.OK);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  @DisplayName("is not closed behind 100 Continue, which answers nothing")
  void continues() {
    request();
    answer(HttpResponseStatus.CONTINUE);
    shut();
    assertThat(channel.isOpen()).isTrue();
    answer(HttpResponseStatus.ACCEPTED);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  @DisplayName("is closed at once if no request is under way")
  void idle() {
    request();
    answer(HttpResponseStatus.OK);
    shut();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  @DisplayName("is closed at once in the middle of a request")
  void half() {
    head();
    shut();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  @DisplayName("is closed when it has become a WebSocket")
  void webSocket() {
    request();
    shut();
    answer(HttpResponseStatus.SWITCHING_PROTOCOLS);
    assertThat(channel.isOpen()).isFalse();
  }
}
