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
            new LiveClient.Admission("peer", 1_024, null, () -> {}),
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

  /** Any number of them is one message (RFC 6455 section 5.4). */
  @Test
  @DisplayName("may send any number of parts that say nothing: they take no room in the budget")
  void emptyParts() {
    ReceiveBudget budget = new ReceiveBudget(1 << 20);
    LiveClient client =
        new LiveClient(
            null,
            new LiveClient.Admission("peer", 1_024, null, () -> {}),
            Selection.ALL,
            budget,
            new ManualTime(0));
    EmbeddedChannel channel =
        new EmbeddedChannel(new WebSocket13FrameDecoder(true, false, 1_024), client);
    client.gate.install(channel);
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {1, (byte) 0x80, 1, 2, 3, 4}));
    for (int part = 0; part < 100_000; part++) {
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {0, (byte) 0x80, 1, 2, 3, 4}));
    }
    assertThat(budget.held()).isLessThanOrEqualTo(16 << 10);
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
