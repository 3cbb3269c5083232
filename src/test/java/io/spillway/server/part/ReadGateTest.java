package io.spillway.server.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The gate of what is read")
class ReadGateTest {
  /** Between the gate and the socket: counts what is asked of the socket. */
  private static final class Reads extends ChannelDuplexHandler {
    int asked;

    @Override
    public void read(ChannelHandlerContext context) {
      asked++;
      context.read();
    }
  }

  private final List<Integer> came = new ArrayList<>();
  private int slow;
  private final Reads reads = new Reads();
  private final EmbeddedChannel channel = new EmbeddedChannel(new FixedLengthFrameDecoder(3));

  private ReadGate install(ReadGate gate) {
    gate.install(channel);
    channel.pipeline().addFirst(reads);
    return gate;
  }

  private void comes(int bytes) {
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[bytes]));
  }

  @Test
  @DisplayName("counts all that comes, be it of a message that is not whole")
  void counts() {
    install(ReadGate.counting(came::add));
    comes(2);
    comes(2);
    assertThat(came).containsExactly(2, 2);
    assertThat(channel.inboundMessages()).hasSize(1);
  }

  @Test
  @DisplayName(
      "lets a decoder ask for nothing more while it is shut, though its frame is not whole")
  void shut() {
    ReadGate gate = install(ReadGate.counting(came::add));
    gate.reading(false);
    reads.asked = 0;
    comes(1); // the decoder has read too little, and without auto-read asks by itself
    assertThat(reads.asked).isZero();
    gate.reading(true);
    assertThat(reads.asked).isPositive();
  }

  @Test
  @DisplayName("reads nobody who does not read what he is answered, until he does")
  void answers() {
    install(ReadGate.answering(came::add, () -> slow++));
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    comes(3);
    assertThat(channel.config().isAutoRead()).isFalse();
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  @DisplayName("stays shut when what was written has gone")
  void both() {
    ReadGate gate = install(ReadGate.answering(came::add, () -> slow++));
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    comes(3);
    gate.reading(false);
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isFalse();
    gate.reading(true);
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  /** A socket of which the kernel takes so many bytes each time. */
  private static final class Slow extends EmbeddedChannel {
    int takes;

    @Override
    protected void doWrite(ChannelOutboundBuffer waiting) {
      waiting.removeBytes(Math.min(takes, waiting.totalPendingWriteBytes()));
    }
  }

  private void pass(Slow slow, int seconds, int bytesEach) {
    for (int second = 0; second < seconds; second++) {
      slow.takes = bytesEach;
      slow.flush();
      slow.takes = 0;
      slow.advanceTimeBy(1, TimeUnit.SECONDS);
      slow.runScheduledPendingTasks();
    }
  }

  private Slow clogged() {
    Slow slow = new Slow();
    ReadGate.answering(came::add, () -> this.slow++).install(slow);
    slow.writeOutbound(Unpooled.wrappedBuffer(new byte[200_000]));
    slow.writeInbound(Unpooled.wrappedBuffer(new byte[3]));
    assertThat(slow.config().isAutoRead()).isFalse();
    return slow;
  }

  @Test
  @DisplayName("tells once of somebody who has taken nothing of his answers for a minute")
  void tooSlow() {
    Slow channel = clogged();
    pass(channel, 58, 0);
    assertThat(slow).isZero();
    pass(channel, 180, 0);
    assertThat(slow).isEqualTo(1);
  }

  @Test
  @DisplayName("lets somebody be who takes his answers slowly, whatever more is written meanwhile")
  void takesSlowly() {
    Slow channel = clogged();
    for (int round = 0; round < 10; round++) {
      pass(channel, 1, 50);
      ChannelFuture unused = channel.writeOneOutbound(Unpooled.wrappedBuffer(new byte[50]));
      pass(channel, 55, 0);
    }
    assertThat(slow).isZero();
    assertThat(channel.config().isAutoRead()).isFalse();
    pass(channel, 62, 0);
    assertThat(slow).isEqualTo(1);
  }

  @Test
  @DisplayName("has nothing to tell of somebody who reads again")
  void readsAgain() {
    Slow channel = clogged();
    pass(channel, 1, 200_000);
    assertThat(channel.config().isAutoRead()).isTrue();
    pass(channel, 200, 0);
    assertThat(slow).isZero();
  }
}
