package io.spillway.server.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.spillway.kit.ManualTime;
import io.spillway.server.part.ReceiveBudget;
import io.spillway.server.records.Selection;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A live client")
class LiveClientTest {
  /** The header of a masked text frame of 256 bytes (RFC 6455 section 5.2). */
  private static final byte[] BEGINNING = {(byte) 0x81, (byte) 0xfe, 1, 0, 1, 2, 3, 4};

  @Test
  @DisplayName("is not idle while a frame comes that takes long")
  void longFrame() {
    ManualTime time = new ManualTime(0);
    LiveClient client =
        new LiveClient(
            null,
            new LiveClient.Admission("peer", null, () -> {}),
            Selection.ALL,
            new ReceiveBudget(1 << 20),
            time);
    EmbeddedChannel channel =
        new EmbeddedChannel(new WebSocket13FrameDecoder(true, false, 1_024), client);
    for (byte[] part : new byte[][] {BEGINNING, {5}, {6}}) {
      time.pass(Duration.ofSeconds(60));
      channel.writeInbound(Unpooled.copiedBuffer(part));
      assertThat(client.keepalive.isIdle(time.nanoTime(), Duration.ofSeconds(90).toNanos()))
          .isFalse();
    }
    channel.finishAndReleaseAll();
  }

  @Test
  @DisplayName("that is closed already is not told of as too slow once more, at each look")
  void tooSlowOnce() {
    Desk desk = new Desk(Selection.ALL, false); // of no endpoint, which would be told
    desk.client.state.close();
    assertThatCode(() -> desk.client.tooSlow("does not read")).doesNotThrowAnyException();
  }
}
