package io.spillway.source;

import static io.spillway.kit.Await.await;
import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.bus.RoleState;
import io.spillway.config.BrokerUrl;
import io.spillway.config.Config;
import io.spillway.config.EdgeConfig;
import io.spillway.config.MqttConfig;
import io.spillway.config.Scalars;
import io.spillway.kit.Await;
import io.spillway.kit.Proof;
import io.spillway.message.Rejected;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** With a broker that sends any bytes, as no real one does when it is asked to. */
@DisplayName("The MQTT source on the wire")
@ExtendWith(VertxExtension.class)
class MqttWireTest {
  private static final int CONNECT = 1;
  private static final int PUBACK = 4;
  private static final int PUBCOMP = 7;
  private static final int SUBSCRIBE = 8;
  private static final int UNSUBSCRIBE = 10;
  private static final int PINGREQ = 12;
  private static final String PINGRESP = "d000";
  private static final String NEW_SESSION = "20020000";
  private static final String KEPT_SESSION = "20020100";

  @TempDir Path dir;

  private Vertx vertx;
  private NetServer broker;
  private final BlockingQueue<Packet> packets = new LinkedBlockingQueue<>();
  private final BlockingQueue<Rejected> rejected = new LinkedBlockingQueue<>();
  private final BlockingQueue<RoleState> states = new LinkedBlockingQueue<>();
  private MqttSource source;
  private String host = "127.0.0.1";
  private String deployment;
  private TimeSource time = TimeSource.SYSTEM;
  private volatile boolean mute;

  /** A short packet that the edge has sent, and where to answer it. */
  private record Packet(NetSocket socket, int type, Buffer body) {
    int id() {
      return body.getUnsignedShort(0);
    }

    String text() {
      return body.toString();
    }

    void answer(String hex) {
      socket.write(Buffer.buffer(HexFormat.of().parseHex(hex)));
    }

    /** With one code for each filter. */
    void suback(String codes) {
      answer("90%02x%04x%s".formatted(2 + codes.length() / 2, id(), codes));
    }

    void unsuback() {
      answer("b002%04x".formatted(id()));
    }
  }

  /** Time that passes three times as fast. */
  private static final class Hurried implements TimeSource {
    @Override
    public long wallMs() {
      return System.currentTimeMillis();
    }

    @Override
    public long nanoTime() {
      return 3 * System.nanoTime();
    }
  }

  @BeforeEach
  void listen(Vertx vertx) {
    this.vertx = vertx;
    Channels.register(vertx);
    Channels.ROLE_STATE.listen(vertx, states::add);
    Channels.connecting("edge").answer(vertx, next -> Future.succeededFuture(1));
    Channels.readingIn("edge")
        .answer(
            vertx,
            chunk -> {
              rejected.addAll(chunk.rejected());
              return Future.succeededFuture(true);
            });
    broker = await(vertx.createNetServer().connectHandler(this::serve).listen(0, "0.0.0.0"));
  }

  private void serve(NetSocket socket) {
    Buffer[] pending = {Buffer.buffer()};
    socket.handler(
        bytes -> {
          Buffer all = pending[0].appendBuffer(bytes);
          int at = 0;
          while (all.length() - at > 1 && at + 2 + all.getByte(at + 1) <= all.length()) {
            int end = at + 2 + all.getByte(at + 1);
            int type = (all.getByte(at) & 0xff) >> 4;
            Packet packet = new Packet(socket, type, all.getBuffer(at + 2, end));
            if (type == PINGREQ) {
              packet.answer(mute ? "" : PINGRESP);
            } else {
              packets.add(packet);
            }
            at = end;
          }
          pending[0] = all.getBuffer(at, all.length());
        });
  }

  @Test
  @DisplayName("asks for a refused topic again, with another identifier, and tells the true reason")
  void identifierInUse() throws InterruptedException {
    start("a", "b");
    next(CONNECT).answer(NEW_SESSION);
    Packet first = next(SUBSCRIBE);
    assertThat(first.id()).isGreaterThan(1_000); // brokers give out their own from 1 on
    first.suback("0191");
    assertThat(faultWith("refused for b")).contains("packet identifier in use (0x91)");
    Packet second = next(SUBSCRIBE);
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(second.text()).contains("b").doesNotContain("a");
    second.suback("01");
    noFault();
  }

  @Test
  @DisplayName("takes a code that nobody knows for a refusal, and tells its number")
  void unknownCode() throws InterruptedException {
    start("a", "b");
    Packet connect = next(CONNECT);
    connect.answer(NEW_SESSION);
    next(SUBSCRIBE).suback("017f");
    assertThat(faultWith("refused for b")).contains("a code that MQTT does not know (0x7F)");
    Packet again = next(SUBSCRIBE);
    assertThat(again.socket()).isSameAs(connect.socket());
    again.suback("01");
    noFault();
  }

  @Test
  @DisplayName("tells of a refused connection by its code, also one of MQTT 5 or of nobody")
  void refused() throws InterruptedException {
    start("a");
    next(CONNECT).answer("20020088");
    assertThat(faultWith("unavailable")).isNotNull();
    next(CONNECT).answer("2002007f");
    assertThat(faultWith("0x7F")).contains("MQTT 3.1.1 does not know it");
    next(CONNECT).answer(NEW_SESSION);
    next(SUBSCRIBE).suback("01");
    noFault();
  }

  @Test
  @DisplayName("tells of a topic that is granted at QoS 0, until it is granted at QoS 1")
  void lowerQos() throws InterruptedException {
    start("low/#");
    Packet connect = next(CONNECT);
    connect.answer(NEW_SESSION);
    next(SUBSCRIBE).suback("00");
    assertThat(faultWith("QoS 0 granted")).contains("low/#", "while this edge is away");
    connect.socket().close();
    next(CONNECT).answer(KEPT_SESSION);
    next(SUBSCRIBE).suback("01");
    noFault();
  }

  @Test
  @DisplayName("gives up a topic that was taken out while it was stopped")
  void takenOutWhileStopped() throws InterruptedException {
    start("old/#", "new/#");
    next(CONNECT).answer(NEW_SESSION);
    next(SUBSCRIBE).suback("0101");
    await(vertx.undeploy(deployment));
    packets.clear();

    start("new/#");
    next(CONNECT).answer(KEPT_SESSION);
    next(SUBSCRIBE).suback("01");
    Packet goodbye = next(UNSUBSCRIBE);
    assertThat(goodbye.text()).contains("old/#").doesNotContain("new/#");
  }

  @Test
  @DisplayName("gives up a topic that was taken out while the broker was away")
  void takenOutWhileAway() throws InterruptedException {
    start("old/#", "new/#");
    Packet connect = next(CONNECT);
    connect.answer(NEW_SESSION);
    next(SUBSCRIBE).suback("0101");
    connect.socket().close();
    Packet again = next(CONNECT);
    reconfigure("new/#");
    again.answer(KEPT_SESSION);
    next(SUBSCRIBE).suback("0101"); // one code too many, or it was asked for before the change
    assertThat(next(UNSUBSCRIBE).text()).contains("old/#");
  }

  @Test
  @DisplayName("gives up again what a broker with an older state may be subscribed to")
  void olderState() throws InterruptedException {
    start("old/#", "new/#");
    Packet connect = next(CONNECT);
    connect.answer(NEW_SESSION);
    next(SUBSCRIBE).suback("0101");
    reconfigure("new/#");
    next(UNSUBSCRIBE).unsuback();
    connect.socket().close();
    next(CONNECT).answer(KEPT_SESSION);
    next(SUBSCRIBE).suback("01");
    Packet again = next(UNSUBSCRIBE);
    assertThat(again.text()).contains("old/#").doesNotContain("new/#");
    again.unsuback();
    await(vertx.undeploy(deployment));

    start("new/#"); // both were away
    next(CONNECT).answer(KEPT_SESSION);
    next(SUBSCRIBE).suback("01");
    assertThat(next(UNSUBSCRIBE).text()).contains("old/#");
  }

  @Test
  @DisplayName("gives up what it has subscribed to at the same broker by another name")
  void anotherName() throws InterruptedException {
    start("number/#");
    next(CONNECT).answer(NEW_SESSION);
    next(SUBSCRIBE).suback("01");
    await(vertx.undeploy(deployment));

    host = "localhost";
    start("name/#");
    next(CONNECT).answer(KEPT_SESSION);
    next(SUBSCRIBE).suback("01");
    Packet goodbye = next(UNSUBSCRIBE);
    assertThat(goodbye.text()).contains("number/#").doesNotContain("name/#");
    goodbye.unsuback();
    await(vertx.undeploy(deployment));

    host = "127.0.0.1";
    start("other/#");
    next(CONNECT).answer(KEPT_SESSION);
    next(SUBSCRIBE).suback("01");
    assertThat(next(UNSUBSCRIBE).text()).contains("number/#", "name/#").doesNotContain("other/#");
  }

  @Test
  @DisplayName("sets a message aside whose topic is none, acknowledges it, and goes on")
  void illegalTopic() throws InterruptedException {
    start("a/#");
    Packet connect = next(CONNECT);
    connect.answer(KEPT_SESSION);
    // PUBLISH at QoS 1: a topic of a/ and one byte, the identifier, {}
    connect.answer("3209" + "0003612fff" + "0007" + "7b7d");
    connect.answer("3209" + "0003612f2b" + "0008" + "7b7d");
    assertThat(next(PUBACK).id()).isEqualTo(7);
    assertThat(next(PUBACK).id()).isEqualTo(8);
    Rejected one = next(rejected);
    assertThat(one.topic()).isEqualTo("a/\ufffd");
    assertThat(one.reason()).contains("not valid UTF-8");
    assertThat(one.payload()).isEqualTo(utf8("{}"));
    assertThat(next(rejected).reason()).contains("wildcard");
    connect.answer("3206" + "0000" + "0009" + "7b7d");
    assertThat(next(PUBACK).id()).isEqualTo(9);
    assertThat(next(rejected).reason()).isEqualTo("its topic is empty");
  }

  @Test
  @Proof
  @DisplayName("waits for a message that comes slowly, also for one that is passed over")
  void slow() throws InterruptedException {
    time = new Hurried();
    start("a/#");
    Packet connect = next(CONNECT);
    connect.answer(NEW_SESSION);
    next(SUBSCRIBE).suback("01");
    mute = true; // an answer would stand in the middle of the message
    for (int size : new int[] {950, 200_000}) {
      int remaining = size + 5;
      Buffer publish =
          Buffer.buffer()
              .appendBytes(new byte[] {0x32, (byte) (remaining | 0x80)})
              .appendByte((byte) (remaining >> 7 | (size > 950 ? 0x80 : 0)));
      if (size > 950) {
        publish.appendByte((byte) (remaining >> 14));
      }
      publish.appendShort((short) 1).appendString("a").appendShort((short) size);
      trickle(connect.socket(), publish.appendBytes(new byte[size]), Duration.ofSeconds(4));
      Packet puback = next(PUBACK);
      assertThat(puback.id()).isEqualTo(size & 0xffff);
      assertThat(puback.socket()).isSameAs(connect.socket());
      assertThat(next(rejected).size()).isEqualTo(size);
    }
  }

  @Test
  @DisplayName("answers each message as its own QoS asks for, in order, and not as is configured")
  void answersInOrder() throws InterruptedException {
    start("a/#");
    Packet connect = next(CONNECT);
    connect.answer(KEPT_SESSION);
    next(SUBSCRIBE).suback("01");
    // PUBLISH at QoS 1 and 2 to a, with {}; PUBREL of what was never heard of; the first copy.
    connect.answer("3207" + "000161" + "0007" + "7b7d");
    connect.answer("3407" + "000161" + "0008" + "7b7d" + "62020009");
    connect.answer("3c07" + "000161" + "0008" + "7b7d" + "62020008");
    List<String> answers = new ArrayList<>();
    while (answers.size() < 5) {
      Packet packet = next(packets);
      if (packet.type() >= PUBACK && packet.type() <= PUBCOMP) {
        answers.add(packet.type() + ":" + packet.id());
      }
    }
    assertThat(answers).containsExactly("4:7", "5:8", "7:9", "5:8", "7:8");
  }

  @Test
  @DisplayName("takes what comes in front of the CONNACK for the connection's own")
  void early() throws InterruptedException {
    start("a/#");
    Packet connect = next(CONNECT);
    connect.answer("3207" + "000161" + "0007" + "7b7d"); // PUBLISH at QoS 1 to a, with {}
    connect.answer("3209" + "0003612f2b" + "0008" + "7b7d" + KEPT_SESSION); // a/+ is no topic
    for (int id = 7; id <= 8; id++) {
      Packet puback = next(PUBACK);
      assertThat(puback.id()).isEqualTo(id);
      assertThat(puback.socket()).isSameAs(connect.socket());
    }
  }

  @Test
  @DisplayName("answers the release of a session of before, on a connection that goes on")
  void releaseOfBefore() throws InterruptedException {
    start("a/#");
    Packet connect = next(CONNECT);
    connect.answer(KEPT_SESSION + "62020009");
    assertThat(next(PUBCOMP).id()).isEqualTo(9);
    connect.answer("62020009");
    assertThat(next(PUBCOMP).id()).isEqualTo(9);
    noFault();
  }

  @Test
  @DisplayName("waits longer and longer for a broker that goes on sending what cannot be read")
  void malformed() throws InterruptedException {
    start("a/#");
    long since = System.nanoTime();
    for (int time = 0; time < 3; time++) {
      Packet connect = next(CONNECT);
      connect.answer(KEPT_SESSION);
      next(SUBSCRIBE).suback("01");
      connect.answer("3205" + "000161" + "0000"); // QoS 1 and the identifier 0 (section 2.3.1)
      assertThat(faultWith("not MQTT")).contains("messageId").doesNotContain("another client");
      states.clear();
    }
    next(CONNECT);
    // At least half of 1, 2 and 4 s.
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThan(Duration.ofMillis(3_400));
  }

  @Test
  @DisplayName("remembers of each broker by itself what it is subscribed to, from the first time")
  void otherBroker() throws Exception {
    for (String address : List.of("127.0.0.1", "127.0.0.2")) {
      host = address;
      start("old");
      next(CONNECT).answer(NEW_SESSION);
      next(SUBSCRIBE).suback("01");
      assertThat(Files.readString(dir.resolve("subscriptions.json"))).contains(address);
      await(vertx.undeploy(deployment));
    }
    for (String address : List.of("127.0.0.1", "127.0.0.2")) {
      host = address;
      start("new");
      next(CONNECT).answer(KEPT_SESSION);
      next(SUBSCRIBE).suback("01");
      Packet goodbye = next(UNSUBSCRIBE);
      assertThat(goodbye.text()).as(address).contains("old").doesNotContain("new");
      goodbye.unsuback();
      await(vertx.undeploy(deployment));
    }
  }

  private void start(String... topics) {
    source =
        new MqttSource(
            config(topics),
            LingerPolicy.of(Duration.ofMillis(5), Duration.ZERO),
            "edge",
            "spillway-pi",
            dir,
            new SimpleMeterRegistry(),
            time);
    deployment = await(vertx.deployVerticle(source));
  }

  @Test
  @DisplayName("does not wait for the rest of a message where nothing but answers to pings comes")
  void desynchronised() throws InterruptedException {
    time = new Hurried();
    start("a/#");
    Packet connect = next(CONNECT);
    connect.answer(NEW_SESSION);
    next(SUBSCRIBE).suback("01");
    connect.answer("329003" + "000161" + "0001"); // 395 bytes more are to come
    assertThat(faultWith("nothing heard")).isNotNull();
    next(CONNECT);
  }

  private void trickle(NetSocket socket, Buffer bytes, Duration over) {
    int parts = 20;
    int[] part = {0};
    vertx.setPeriodic(
        over.toMillis() / parts,
        timer -> {
          int from = bytes.length() * part[0] / parts;
          part[0]++;
          socket.write(bytes.getBuffer(from, bytes.length() * part[0] / parts));
          if (part[0] == parts) {
            vertx.cancelTimer(timer);
          }
        });
  }

  private void reconfigure(String... topics) {
    EdgeConfig edge = new EdgeConfig("pi", config(topics), null, null, null);
    source.reconfigure(new Config(edge, null, null, null, null, null, null, null, null));
  }

  private MqttConfig config(String... topics) {
    return new MqttConfig(
        new BrokerUrl(host, broker.actualPort(), false, null, null),
        List.of(topics),
        1,
        null,
        null,
        null,
        1_000,
        Scalars.REJECT,
        null);
  }

  /** The next packet of this type; others do not matter here. */
  private Packet next(int type) throws InterruptedException {
    return Await.next(packets, "packet of type " + type, packet -> packet.type() == type);
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    return Await.next(queue);
  }

  private String faultWith(String words) throws InterruptedException {
    return Await.next(states, words, state -> state.fault().words().contains(words))
        .fault()
        .words();
  }

  private void noFault() throws InterruptedException {
    states.clear();
    Await.next(states, "state without a fault", state -> state.fault().isEmpty());
  }
}
