package io.spillway.server.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.spillway.server.mqtt.BridgeWatch.Action;
import io.spillway.server.mqtt.BridgeWatch.Verdict;
import io.spillway.server.part.FlowControl;
import io.spillway.wire.CloseCode;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The watch over a bridge")
class BridgeWatchTest {
  private static final Duration SLOW = Duration.ofSeconds(20);
  private static final byte[] CONNECT = {
    0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 1, 'a'
  };
  private static final byte[] CONNACK = {0x20, 2, 0, 0};
  private static final byte[] HALF_A_PACKET = {0x30, 20, 0};

  private final BridgeWatch watch =
      new BridgeWatch(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(60), 0);
  private final PacketFilter filter =
      new PacketFilter(
          TopicRules.of(null),
          TopicRules.of(null),
          1_000,
          new GatewayMetrics(new SimpleMeterRegistry()));
  private final PacketFilter.Outlet nowhere =
      new PacketFilter.Outlet() {
        @Override
        public void toBroker(byte[] bytes, int from, int to) {}

        @Override
        public void toBrowser(byte[] bytes, int from, int to) {}
      };

  @Test
  @DisplayName("closes a browser that does not say CONNECT in time")
  void noConnect() {
    assertThat(lookAt(5_000).action()).isEqualTo(Action.NOTHING);
    assertCloses(lookAt(5_001), CloseCode.POLICY, "no CONNECT within 5 s");
  }

  @Test
  @DisplayName("gives a broker as long again to answer CONNECT")
  void noAnswer() throws Violation {
    filter.fromBrowser(CONNECT, nowhere);

    assertThat(lookAt(10_000).action()).isEqualTo(Action.NOTHING);
    assertCloses(lookAt(10_001), CloseCode.TRY_LATER, "the broker does not answer CONNECT");
  }

  @Test
  @DisplayName("pings from the opening on, once each time")
  void pings() throws Violation {
    connect();
    assertThat(lookAt(29_999).action()).isEqualTo(Action.NOTHING);
    assertThat(lookAt(30_000).action()).isEqualTo(Action.PING);
    assertThat(lookAt(30_001).action()).isEqualTo(Action.NOTHING);
    watch.heard(nanos(30_003));
    assertThat(lookAt(60_000).action()).isEqualTo(Action.PING);
  }

  @Test
  @DisplayName("closes a browser that is not heard of, but not while it is not read")
  void idle() throws Violation {
    connect();
    watch.heard(nanos(10_000));
    watch.full(false, true, nanos(69_000));
    watch.toBroker.look(nanos(69_000), new EmbeddedChannel());
    assertThat(lookAt(70_001).action()).isEqualTo(Action.PING);
    watch.full(false, false, nanos(70_002));
    assertThat(lookAt(130_002).action()).isEqualTo(Action.PING);
    assertCloses(lookAt(130_003), CloseCode.GOING_AWAY, "nothing heard for 60 s");
  }

  @Test
  @DisplayName("closes a browser that does not end a packet")
  void unfinished() throws Violation {
    connect();
    watch.packetBegins(nanos(1_000));
    filter.fromBrowser(HALF_A_PACKET, nowhere);
    watch.heard(nanos(60_000));
    assertThat(lookAt(61_000).action()).isEqualTo(Action.PING);
    assertCloses(lookAt(61_001), CloseCode.POLICY, "a packet unfinished for 60 s");
  }

  @Test
  @DisplayName("gives a packet its whole time after a pause in which the browser was not read")
  void unfinishedWhileFull() throws Violation {
    connect();
    watch.packetBegins(nanos(1_000));
    filter.fromBrowser(HALF_A_PACKET, nowhere);
    watch.full(false, true, nanos(60_000));
    watch.toBroker.look(nanos(60_000), new EmbeddedChannel());
    assertThat(lookAt(61_001).action()).isEqualTo(Action.PING);
    watch.full(false, false, nanos(62_000));
    watch.heard(nanos(121_000));
    assertThat(lookAt(122_000).action()).isEqualTo(Action.PING);
    assertCloses(lookAt(122_001), CloseCode.POLICY, "a packet unfinished for 60 s");
  }

  /** A socket of which the kernel takes so many bytes at each look. */
  private static final class Side extends EmbeddedChannel {
    int takes;

    @Override
    protected void doWrite(ChannelOutboundBuffer waiting) {
      waiting.removeBytes(Math.min(takes, waiting.totalPendingWriteBytes()));
    }

    void look(FlowControl flow, long ms) {
      flush();
      flow.look(nanos(ms), this);
    }
  }

  private Side side(FlowControl flow) {
    Side side = new Side();
    flow.install(side);
    side.writeOutbound(Unpooled.wrappedBuffer(new byte[100_000]));
    return side;
  }

  @Test
  @DisplayName("gives up a side that takes nothing, counting from when it last took something")
  void slow() throws Violation {
    connect();
    Side browser = side(watch.toBrowser);
    Side broker = side(watch.toBroker);
    browser.look(watch.toBrowser, 1_000);
    broker.look(watch.toBroker, 5_000);
    watch.full(true, true, nanos(5_000));
    assertThat(watch.isBrowserFull()).isTrue();
    browser.takes = 1;
    browser.look(watch.toBrowser, 6_000);
    broker.takes = 1;
    broker.look(watch.toBroker, 7_000);
    assertThat(lookAt(25_999).action()).isEqualTo(Action.NOTHING);
    assertCloses(lookAt(26_000), CloseCode.TOO_SLOW, "too slow: took nothing for 20 s");

    watch.full(false, true, nanos(26_000));
    assertThat(lookAt(26_999).action()).isEqualTo(Action.NOTHING);
    assertCloses(lookAt(27_000), CloseCode.TRY_LATER, "the broker takes nothing");

    watch.full(false, false, nanos(28_000));
    assertThat(watch.isFull()).isFalse();
    assertThat(lookAt(28_000).action()).isNotEqualTo(Action.CLOSE);
  }

  @Test
  @DisplayName("lets be whoever takes a little each time, though too much waits for it all along")
  void takesSlowly() throws Violation {
    connect();
    Side browser = side(watch.toBrowser);
    browser.takes = 1;
    for (int ms = 1_000; ms <= 120_000; ms += 1_000) {
      watch.full(true, false, nanos(ms));
      browser.look(watch.toBrowser, ms);
      assertThat(lookAt(ms).action()).isNotEqualTo(Action.CLOSE);
    }
    browser.takes = 0;
    ChannelFuture unused = browser.writeOneOutbound(Unpooled.wrappedBuffer(new byte[2])); // a ping
    browser.look(watch.toBrowser, 140_000);
    assertCloses(lookAt(140_000), CloseCode.TOO_SLOW, "too slow: took nothing for 20 s");
  }

  @Test
  @DisplayName("cuts off who does not answer a close, and looks after nothing else then")
  void closing() {
    assertThat(watch.close(nanos(1_000))).isTrue();
    assertThat(watch.close(nanos(9_000))).isFalse();

    assertThat(lookAt(11_000).action()).isEqualTo(Action.NOTHING);
    assertThat(lookAt(11_001).action()).isEqualTo(Action.CUT);
  }

  private void connect() throws Violation {
    filter.fromBrowser(CONNECT, nowhere);
    filter.fromBroker(CONNACK, nowhere);
  }

  private Verdict lookAt(long ms) {
    return watch.look(nanos(ms), SLOW, filter);
  }

  private static void assertCloses(Verdict verdict, CloseCode code, String reason) {
    assertThat(verdict).isEqualTo(new Verdict(Action.CLOSE, code, reason));
  }

  private static long nanos(long ms) {
    return Duration.ofMillis(ms).toNanos();
  }
}
