package io.spillway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Fair reads")
class FairReadsTest {
  @Test
  @DisplayName("are one of each connection a turn")
  void oneRead() {
    EmbeddedChannel channel = new EmbeddedChannel();
    FairReads.install(channel);
    MaxMessagesRecvByteBufAllocator reads = channel.config().getRecvByteBufAllocator();
    assertThat(reads.maxMessagesPerRead()).isEqualTo(1);
  }
}
