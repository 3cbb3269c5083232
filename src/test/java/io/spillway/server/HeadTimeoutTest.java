package io.spillway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An HTTP connection")
class HeadTimeoutTest {
  private final AtomicInteger closed = new AtomicInteger();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(new HeadTimeout(Duration.ofSeconds(60), closed::incrementAndGet));

  private boolean isOpenAfter(int seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    return channel.isOpen();
  }

  private void head() {
    channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
  }

  private void answer(HttpResponseStatus status) {
    channel.writeOutbound(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER));
  }

  @Test
  @DisplayName("on which no head of a request becomes complete is closed, and counted")
  void noHead() {
    assertThat(isOpenAfter(59)).isTrue();
    assertThat(isOpenAfter(2)).isFalse();
    assertThat(closed).hasValue(1);
  }

  @Test
  @DisplayName("is kept after an answer for as long again")
  void keptAlive() {
    isOpenAfter(50);
    head();
    answer(HttpResponseStatus.OK);
    assertThat(isOpenAfter(59)).isTrue();
    head();
    answer(HttpResponseStatus.OK);
    assertThat(isOpenAfter(59)).isTrue();
    assertThat(isOpenAfter(2)).isFalse();
  }

  @Test
  @DisplayName("may take as long as it likes for a body, and for an answer")
  void slowBody() {
    head();
    assertThat(isOpenAfter(3_600)).isTrue();
    answer(HttpResponseStatus.CONTINUE);
    channel.writeInbound(new DefaultHttpContent(Unpooled.EMPTY_BUFFER));
    assertThat(isOpenAfter(3_600)).isTrue();
    channel.writeOutbound(
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK),
        new DefaultHttpContent(Unpooled.EMPTY_BUFFER));
    assertThat(isOpenAfter(3_600)).isTrue();
    channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
    assertThat(isOpenAfter(61)).isFalse();
  }

  @Test
  @DisplayName("is not closed while one of two requests is without an answer")
  void pipelined() {
    head();
    head();
    answer(HttpResponseStatus.OK);
    assertThat(isOpenAfter(3_600)).isTrue();
    answer(HttpResponseStatus.OK);
    assertThat(isOpenAfter(61)).isFalse();
  }

  @Test
  @DisplayName("that has become a WebSocket is let alone")
  void webSocket() {
    head();
    answer(HttpResponseStatus.SWITCHING_PROTOCOLS);
    assertThat(channel.pipeline().get(HeadTimeout.class)).isNull();
    assertThat(isOpenAfter(3_600)).isTrue();
    assertThat(closed).hasValue(0);
  }
}
