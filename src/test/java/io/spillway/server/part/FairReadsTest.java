package io.spillway.server.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Fair reads")
class FairReadsTest {
  /** A masked frame that says nothing. */
  private static final int SMALLEST = 6;

  private final EmbeddedChannel channel = new EmbeddedChannel(new FairReads());

  /** As a socket reads: as much as there is room for, of messages of so many bytes. */
  private int read(ExtendedHandle handle, int messageBytes) {
    handle.reset(channel.config());
    ByteBuf room = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
    int bytes = room.writableBytes();
    room.release();
    handle.attemptedBytesRead(bytes);
    handle.incMessagesRead(1);
    handle.lastBytesRead(bytes);
    for (int i = 0; i < bytes / messageBytes; i++) {
      channel.pipeline().fireChannelRead(i);
    }
    handle.readComplete();
    channel.pipeline().fireChannelReadComplete();
    return bytes;
  }

  @Test
  @DisplayName("are one of each connection a turn")
  void oneRead() {
    MaxMessagesRecvByteBufAllocator reads = channel.config().getRecvByteBufAllocator();
    assertThat(reads.maxMessagesPerRead()).isEqualTo(1);
  }

  @Test
  @DisplayName("bring some dozens of messages, be they ever so small, and much of long ones")
  void sizes() {
    ExtendedHandle handle = (ExtendedHandle) channel.config().getRecvByteBufAllocator().newHandle();
    for (int turn = 0; turn < 20; turn++) {
      read(handle, 64 << 10);
    }
    assertThat(read(handle, 64 << 10)).isEqualTo(64 << 10);
    read(handle, SMALLEST); // which is not known before
    for (int turn = 0; turn < 100; turn++) {
      assertThat(read(handle, SMALLEST) / SMALLEST).isLessThan(100);
    }
    for (int turn = 0; turn < 20; turn++) {
      read(handle, 500);
    }
    assertThat(read(handle, 500) / 500).isBetween(32, 64);
    for (int turn = 0; turn < 20; turn++) {
      read(handle, 16 << 10);
    }
    assertThat(read(handle, 16 << 10)).isEqualTo(64 << 10);
  }
}
