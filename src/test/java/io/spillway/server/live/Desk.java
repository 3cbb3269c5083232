package io.spillway.server.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.spillway.server.part.ReceiveBudget;
import io.spillway.server.records.Selection;
import io.spillway.time.TimeSource;
import java.util.ArrayList;
import java.util.List;

/** A client of the hub without a network, and what it has been sent. */
final class Desk {
  final LiveClient client;
  private final EmbeddedChannel channel;
  private final EmbeddedChannel peer =
      new EmbeddedChannel(new WebSocket13FrameDecoder(false, false, 1 << 24));

  /**
   * @param reads false: what it is sent stays where it is, as if the peer did not read
   */
  Desk(Selection selection, boolean reads) {
    client =
        new LiveClient(
            null,
            new LiveClient.Admission("desk", 1_024, null, () -> {}),
            selection,
            new ReceiveBudget(1 << 20),
            TimeSource.SYSTEM);
    channel =
        new EmbeddedChannel(client) {
          @Override
          protected void doWrite(ChannelOutboundBuffer out) throws Exception {
            if (reads) {
              super.doWrite(out);
            }
          }
        };
  }

  /** The text messages that it has got. */
  List<String> texts() {
    for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
      peer.writeInbound(Unpooled.copiedBuffer(bytes));
      bytes.release();
    }
    List<String> texts = new ArrayList<>();
    for (WebSocketFrame frame = peer.readInbound(); frame != null; frame = peer.readInbound()) {
      if (frame instanceof TextWebSocketFrame text) {
        texts.add(text.text());
      }
      frame.release();
    }
    return texts;
  }
}
