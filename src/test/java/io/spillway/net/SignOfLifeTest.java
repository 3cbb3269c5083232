package io.spillway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A sign of life")
class SignOfLifeTest {
  @Test
  @DisplayName("is each part of a message, before it is whole")
  void parts() {
    List<Integer> heard = new ArrayList<>();
    EmbeddedChannel channel =
        new EmbeddedChannel(new SignOfLife(heard::add), new FixedLengthFrameDecoder(3));
    for (int part = 1; part <= 3; part++) {
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[1]));
      assertThat(heard).hasSize(part);
    }
    assertThat(channel.inboundMessages()).hasSize(1);
    channel.finishAndReleaseAll();
  }
}
