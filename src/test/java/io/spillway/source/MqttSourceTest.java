package io.spillway.source;

import static io.netty.handler.codec.mqtt.MqttQoS.AT_LEAST_ONCE;
import static io.netty.handler.codec.mqtt.MqttQoS.AT_MOST_ONCE;
import static io.netty.handler.codec.mqtt.MqttQoS.EXACTLY_ONCE;
import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.next;
import static io.spillway.message.Texts.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.spillway.bus.Arrival;
import io.spillway.bus.Arrival.Kind;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.Chunk;
import io.spillway.bus.RoleState;
import io.spillway.config.BrokerUrl;
import io.spillway.config.Config;
import io.spillway.config.EdgeConfig;
import io.spillway.config.MqttConfig;
import io.spillway.config.Scalars;
import io.spillway.config.Secret;
import io.spillway.kit.Proof;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import io.vertx.mqtt.MqttTopicSubscription;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The MQTT source")
@ExtendWith(VertxExtension.class)
class MqttSourceTest {
  private static final List<String> TOPICS = List.of("pws-packet/#", "other/+");
  private static final int LARGEST = 2_000;

  @TempDir Path dir;

  private Vertx vertx;
  private final BlockingQueue<Session> sessions = new LinkedBlockingQueue<>();
  private final BlockingQueue<Handed> handed = new LinkedBlockingQueue<>();
  private final BlockingQueue<RoleState> states = new LinkedBlockingQueue<>();
  private final Queue<Promise<Boolean>> all = new ConcurrentLinkedQueue<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean storing;
  private Consumer<MqttEndpoint> welcome = endpoint -> endpoint.accept(false);
  private MqttQoS granted = AT_LEAST_ONCE;
  private MqttSource source;

  /** What the batcher was handed, with the promise of its answer. */
  private record Handed(Chunk chunk, Promise<Boolean> answer) {
    void stored() {
      answer.complete(true);
    }
  }

  /** A connection, at the broker's end. */
  private static final class Session {
    final MqttEndpoint endpoint;
    final BlockingQueue<Integer> pubacks = new LinkedBlockingQueue<>();
    final BlockingQueue<Integer> pubrecs = new LinkedBlockingQueue<>();
    final BlockingQueue<Integer> pubcomps = new LinkedBlockingQueue<>();
    final BlockingQueue<List<MqttTopicSubscription>> subscriptions = new LinkedBlockingQueue<>();
    final BlockingQueue<String> ended = new LinkedBlockingQueue<>();

    /** What was asked for after the first subscription, and what was given up. */
    final BlockingQueue<String> filters = new LinkedBlockingQueue<>();

    private boolean first = true;

    Session(MqttEndpoint endpoint, MqttQoS granted) {
      this.endpoint = endpoint;
      endpoint.publishAcknowledgeHandler(pubacks::add);
      endpoint.publishReceivedHandler(pubrecs::add);
      endpoint.publishCompletionHandler(pubcomps::add);
      endpoint.disconnectHandler(bye -> ended.add("DISCONNECT"));
      endpoint.closeHandler(gone -> ended.add("closed"));
      endpoint.subscribeHandler(
          subscribe -> {
            endpoint.subscribeAcknowledge(
                subscribe.messageId(),
                subscribe.topicSubscriptions().stream().map(topic -> granted).toList());
            subscriptions.add(subscribe.topicSubscriptions());
            if (!first) {
              filters.add(
                  "+ "
                      + subscribe.topicSubscriptions().stream()
                          .map(MqttTopicSubscription::topicName)
                          .toList());
            }
            first = false;
          });
      endpoint.unsubscribeHandler(
          unsubscribe -> {
            endpoint.unsubscribeAcknowledge(unsubscribe.messageId());
            filters.add("- " + unsubscribe.topics());
          });
    }

    Session subscribed() throws InterruptedException {
      assertThat(next(subscriptions)).isNotEmpty();
      return this;
    }

    void publish(int packetId, String payload) {
      publish(packetId, payload, false);
    }

    void publish(int packetId, String payload, boolean dup) {
      await(
          endpoint.publish(
              "pws-packet/a", Buffer.buffer(payload), AT_LEAST_ONCE, dup, false, packetId));
    }
  }

  @BeforeEach
  void listen(Vertx vertx) {
    this.vertx = vertx;
    Channels.register(vertx);
    Channels.ROLE_STATE.listen(vertx, states::add);
    Channels.connecting("edge")
        .answer(vertx, next -> Future.succeededFuture(connections.incrementAndGet()));
    Channels.readingIn("edge")
        .answer(
            vertx,
            chunk -> {
              Promise<Boolean> answer = Promise.promise();
              all.add(answer);
              if (storing) {
                answer.complete(true);
              } else {
                handed.add(new Handed(chunk, answer));
              }
              return answer.future();
            });
  }

  @AfterEach
  void close() {
    storing = true; // or the source would wait for it
    all.forEach(answer -> answer.tryComplete(true));
  }

  @Test
  @DisplayName("asks for a persistent session under its name, and subscribes to all topics")
  void connects() throws InterruptedException {
    startBroker();
    Session session = next(sessions);
    MqttEndpoint endpoint = session.endpoint;
    assertThat(endpoint.clientIdentifier()).isEqualTo("spillway-pi");
    assertThat(endpoint.isCleanSession()).isFalse();
    assertThat(endpoint.protocolVersion()).isEqualTo(4);
    assertThat(endpoint.auth().getUsername()).isEqualTo("user");
    assertThat(endpoint.auth().getPassword()).isEqualTo("pässword");
    List<MqttTopicSubscription> subscribed = next(session.subscriptions);
    assertThat(subscribed).extracting(MqttTopicSubscription::topicName).isEqualTo(TOPICS);
    assertThat(subscribed)
        .extracting(MqttTopicSubscription::qualityOfService)
        .containsOnly(AT_LEAST_ONCE);
  }

  @Test
  @DisplayName("asks only for topics that are new, before it gives up those that are gone")
  void otherTopics() throws InterruptedException {
    Session session = connected();

    reconfigure(TOPICS.toArray(String[]::new)); // something else has changed
    reconfigure(TOPICS.get(0), "new/#");

    assertThat(next(session.filters)).isEqualTo("+ [new/#]");
    assertThat(next(session.filters)).isEqualTo("- [" + TOPICS.get(1) + "]");
    assertThat(session.filters).isEmpty();
  }

  @Test
  @DisplayName("acknowledges messages when they are stored, not before, in order of receipt")
  void acknowledges() throws InterruptedException {
    Session session = connected();
    session.publish(7, "{\"n\":1}");
    Handed first = next(handed);
    assertThat(texts(first.chunk().lines()).get(0))
        .startsWith("{\"n\":1,\"_topic\":\"pws-packet/a\",\"_ts_src\":\"");
    session.publish(0x1234, "{\"n\":2}");
    session.publish(65_535, "oops");
    session.publish(3, "[{\"n\":3},{\"n\":4}]");
    await(vertx.timer(50)); // long enough for a wrong PUBACK to be seen
    assertThat(session.pubacks).isEmpty();
    assertThat(handed).isEmpty();

    first.stored();
    assertThat(next(session.pubacks)).isEqualTo(7);
    List<Integer> acknowledged = new ArrayList<>();
    List<String> records = new ArrayList<>();
    while (acknowledged.size() < 3) {
      Handed more = next(handed);
      assertThat(session.pubacks).isEmpty();
      records.addAll(texts(more.chunk().lines()));
      more.stored();
      for (int i = 0; i < more.chunk().arrivals().size(); i++) {
        acknowledged.add(next(session.pubacks));
      }
    }
    assertThat(acknowledged).containsExactly(0x1234, 65_535, 3);
    assertThat(records)
        .extracting(line -> line.substring(0, 6))
        .containsExactly("{\"n\":2", "{\"n\":3", "{\"n\":4");
  }

  @Test
  @DisplayName("answers a message at QoS 2 when it is stored, and its release when that is, too")
  void handshake() throws InterruptedException {
    Session session = connected();
    await(
        session.endpoint.publish(
            "pws-packet/a", Buffer.buffer("{\"n\":1}"), EXACTLY_ONCE, false, false, 7));
    Handed message = next(handed);
    assertThat(message.chunk().arrivals()).extracting(Arrival::kind).containsExactly(Kind.HELD);
    await(vertx.timer(50)); // long enough for a wrong PUBREC to be seen
    assertThat(session.pubrecs).isEmpty();
    message.stored();
    assertThat(next(session.pubrecs)).isEqualTo(7);

    session.endpoint.publishRelease(7);
    Handed release = next(handed);
    assertThat(release.chunk().arrivals()).containsExactly(Arrival.release(7));
    assertThat(release.chunk().lines().isEmpty()).isTrue();
    await(vertx.timer(50));
    assertThat(session.pubcomps).isEmpty();
    release.stored();
    assertThat(next(session.pubcomps)).isEqualTo(7);
    assertThat(session.pubacks).isEmpty();
  }

  @Test
  @DisplayName("keeps the beginning of a session apart from its messages, which may be dropped")
  void sessionApart() throws InterruptedException {
    Session first = connected();
    first.publish(1, "{\"n\":1}");
    Handed old = next(handed);
    first.endpoint.close();
    Session second = next(sessions).subscribed();
    second.publish(1, "{\"n\":2}");
    await(vertx.timer(50)); // let all be gathered
    old.stored();
    Handed begun = next(handed);
    assertThat(begun.chunk().newSession()).isTrue();
    assertThat(begun.chunk().arrivals()).isEmpty();
    begun.stored();
    assertThat(texts(next(handed).chunk().lines()).get(0)).startsWith("{\"n\":2");
  }

  @Test
  @DisplayName("offers a refused chunk again before anything that came later")
  void refused() throws InterruptedException {
    Session session = connected();
    session.publish(1, "{\"n\":1}");
    Handed first = next(handed);
    session.publish(2, "{\"n\":2}");
    first.answer().fail(BusFailure.FULL.because("no room"));
    Handed second = next(handed);
    assertThat(second.chunk().id()).isEqualTo(first.chunk().id());
    assertThat(second.chunk().again()).isFalse(); // it was surely not stored
    second.answer().fail(BusFailure.UNAVAILABLE.because("no answer"));
    Handed third = next(handed);
    assertThat(third.chunk().id()).isEqualTo(first.chunk().id());
    assertThat(third.chunk().again()).isTrue();
    assertThat(session.pubacks).isEmpty();
    third.stored();
    assertThat(next(session.pubacks)).isEqualTo(1);
    assertThat(texts(next(handed).chunk().lines()).get(0)).startsWith("{\"n\":2,");
  }

  @Test
  @DisplayName("says so when it offers a chunk again of which a part was stored")
  void refusedInPart() throws InterruptedException {
    Session session = connected();
    session.publish(1, "{\"n\":1}");
    Handed first = next(handed);
    first.answer().fail(BusFailure.FULL_IN_PART.because("no room for the rest"));
    Handed second = next(handed);
    assertThat(second.chunk().id()).isEqualTo(first.chunk().id());
    assertThat(second.chunk().again()).isTrue();
    second.stored();
    assertThat(next(session.pubacks)).isEqualTo(1);
  }

  @Test
  @DisplayName("never acknowledges on a new connection what came on an older one")
  void reconnected() throws InterruptedException {
    Session first = connected();
    first.publish(1, "{\"n\":1}");
    Handed old = next(handed);
    first.publish(2, "{\"n\":2}");
    await(vertx.timer(50)); // let the second one be gathered before the cut
    welcome = endpoint -> endpoint.accept(true);
    first.endpoint.close();
    Session second = next(sessions).subscribed();
    second.publish(1, "{\"n\":1}", true);
    second.publish(2, "{\"n\":2}", true);
    old.stored();
    List<Chunk> chunks = new ArrayList<>(List.of(old.chunk()));
    int redelivered = 0;
    while (redelivered < 2) {
      Handed more = next(handed);
      assertThat(second.pubacks).hasSize(redelivered);
      redelivered += (int) more.chunk().arrivals().stream().filter(Arrival::redelivered).count();
      chunks.add(more.chunk());
      more.stored();
    }
    assertThat(List.of(next(second.pubacks), next(second.pubacks))).containsExactly(1, 2);
    assertThat(second.pubacks).isEmpty();
    assertThat(chunks).noneMatch(Chunk::newSession);
    List<Arrival> arrivals = chunks.stream().flatMap(chunk -> chunk.arrivals().stream()).toList();
    assertThat(arrivals).extracting(Arrival::redelivered).containsExactly(false, false, true, true);
    assertThat(arrivals.get(2).fingerprint()).isEqualTo(arrivals.get(0).fingerprint());
    assertThat(arrivals.get(3).fingerprint()).isEqualTo(arrivals.get(1).fingerprint());
  }

  @Test
  @DisplayName("leaves out copies of what is on its way, and acknowledges it once")
  void copies() throws InterruptedException {
    Session session = connected();
    session.publish(1, "{\"n\":1}");
    Handed first = next(handed);
    session.publish(2, "{\"n\":2}");
    session.publish(1, "{\"n\":1}", true);
    session.publish(2, "{\"n\":2}", true);
    session.publish(3, "{\"n\":3}");
    await(vertx.timer(50)); // let all be gathered
    first.stored();
    Chunk chunk = next(handed).chunk();
    assertThat(chunk.arrivals()).extracting(Arrival::packetId).containsExactly(2, 3);
    assertThat(chunk.readOn().copies()).isEqualTo(2);
    assertThat(next(session.pubacks)).isEqualTo(1);
    assertThat(session.pubacks).isEmpty();
  }

  @Test
  @DisplayName("numbers its connections before it sends CONNECT, and messages by them")
  void numbered() throws InterruptedException {
    Session first = connected();
    first.publish(1, "{\"n\":1}");
    Handed one = next(handed);
    assertThat(one.chunk().readOn().connection()).isEqualTo(1);
    one.stored();
    welcome =
        endpoint -> {
          assertThat(connections).hasValue(2);
          endpoint.accept(true);
        };
    first.endpoint.close();
    next(sessions).subscribed().publish(1, "{\"n\":1}", true);
    assertThat(next(handed).chunk().readOn().connection()).isEqualTo(2);
  }

  @Test
  @DisplayName("tells of a new session before any of its messages")
  void newSession() throws InterruptedException {
    startBroker();
    Handed first = next(handed);
    assertThat(first.chunk().newSession()).isTrue();
    assertThat(first.chunk().arrivals()).isEmpty();
    first.stored();
  }

  @Test
  @DisplayName("takes what a kept session delivers right behind the CONNACK")
  void backlog() throws InterruptedException {
    welcome =
        endpoint -> {
          endpoint.accept(true);
          for (int id = 1; id <= 5; id++) {
            endpoint.publish(
                "pws-packet/a",
                Buffer.buffer("{\"n\":" + id + "}"),
                AT_LEAST_ONCE,
                true,
                false,
                id);
          }
        };
    startBroker();
    Session session = next(sessions);
    List<Integer> acknowledged = new ArrayList<>();
    while (acknowledged.size() < 5) {
      Handed more = next(handed);
      assertThat(more.chunk().newSession()).isFalse();
      more.stored();
      for (int i = 0; i < more.chunk().arrivals().size(); i++) {
        acknowledged.add(next(session.pubacks));
      }
    }
    assertThat(acknowledged).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  @DisplayName("takes QoS 0 and retained messages as what they are")
  void qosZero() throws InterruptedException {
    Session session = connected();
    await(session.endpoint.publish("other/x", Buffer.buffer("{}"), AT_MOST_ONCE, false, true, 0));
    Chunk chunk = next(handed).chunk();
    assertThat(chunk.arrivals()).containsExactly(new Arrival(0, 0, false, 1));
    assertThat(texts(chunk.lines()).get(0)).contains("\"other/x\"").endsWith("\"_retained\":true}");
  }

  @Test
  @DisplayName("rejects and acknowledges a message over the limit, and goes on")
  void oversized() throws InterruptedException {
    Session session = connected();
    session.publish(1, "{\"f\":\"" + "x".repeat(LARGEST) + "\"}"); // just over the limit
    session.publish(2, "{\"f\":\"" + "x".repeat(500_000) + "\"}"); // far over it
    session.publish(3, "{\"n\":3}");
    List<Integer> acknowledged = new ArrayList<>();
    List<Long> rejected = new ArrayList<>();
    List<String> records = new ArrayList<>();
    while (acknowledged.size() < 3) {
      Handed more = next(handed);
      more.chunk().rejected().forEach(one -> rejected.add(one.size()));
      records.addAll(texts(more.chunk().lines()));
      more.stored();
      for (int i = 0; i < more.chunk().arrivals().size(); i++) {
        acknowledged.add(next(session.pubacks));
      }
    }
    assertThat(acknowledged).containsExactly(1, 2, 3);
    assertThat(rejected).containsExactly(LARGEST + 8L, 500_008L);
    assertThat(records).singleElement().asString().startsWith("{\"n\":3,");
    assertThat(sessions).isEmpty();
  }

  @Test
  @DisplayName("goes on behind an array that would become far more bytes than it has")
  void amplified() throws InterruptedException {
    Session session = connected();
    String topic = "pws-packet/" + "t".repeat(60_000);
    String ones = "[1" + ",1".repeat(LARGEST / 2 - 2) + "]";
    await(session.endpoint.publish(topic, Buffer.buffer(ones), AT_LEAST_ONCE, false, false, 1));
    session.publish(2, "{\"n\":2}");
    List<Integer> acknowledged = new ArrayList<>();
    int rejected = 0;
    while (acknowledged.size() < 2) {
      Handed more = next(handed);
      assertThat(more.chunk().lines().length()).isLessThan(16_000_000);
      rejected += more.chunk().rejected().size();
      more.stored();
      for (int i = 0; i < more.chunk().arrivals().size(); i++) {
        acknowledged.add(next(session.pubacks));
      }
    }
    assertThat(acknowledged).containsExactly(1, 2);
    assertThat(rejected).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD,bad credentials",
    "CONNECTION_REFUSED_NOT_AUTHORIZED,not authorised",
    "CONNECTION_REFUSED_IDENTIFIER_REJECTED,identifier rejected",
    "CONNECTION_REFUSED_SERVER_UNAVAILABLE,unavailable"
  })
  @DisplayName("says in words why the broker refuses it")
  void refusedConnection(MqttConnectReturnCode code, String words) throws InterruptedException {
    welcome = endpoint -> endpoint.reject(code);
    startBroker();
    assertThat(faultWith(words)).contains(words);
  }

  @Test
  @DisplayName("says which topics the broker refuses")
  void refusedSubscription() throws InterruptedException {
    granted = MqttQoS.FAILURE;
    startBroker();
    assertThat(faultWith("subscription refused")).contains("pws-packet/#, other/+", "ACL");
  }

  @Test
  @DisplayName("says that nobody listens at the broker's address")
  void nobody() throws InterruptedException {
    NetServer probe =
        await(vertx.createNetServer().connectHandler(NetSocket::close).listen(0, "127.0.0.1"));
    int port = probe.actualPort();
    await(probe.close());
    start(port);
    assertThat(faultWith("connection refused")).contains("127.0.0.1:" + port, "BROKER_URL");
  }

  @Test
  @Proof
  @DisplayName("notices within 10 s that a connection is half open, and makes another")
  void halfOpen() throws InterruptedException {
    BlockingQueue<NetSocket> sockets = new LinkedBlockingQueue<>();
    Buffer connack = Buffer.buffer(new byte[] {0x20, 2, 0, 0});
    int port =
        await(
                vertx
                    .createNetServer()
                    .connectHandler(
                        socket -> {
                          socket.handler(
                              ignored -> {
                                if (sockets.isEmpty()) {
                                  sockets.add(socket);
                                  socket.write(connack); // and never a word after it
                                }
                              });
                        })
                    .listen(0, "127.0.0.1"))
            .actualPort();
    start(port);
    NetSocket first = next(sockets);
    long since = System.nanoTime();
    Promise<Void> gone = Promise.promise();
    first.closeHandler(gone::complete);
    await(gone.future());
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(11));
    assertThat(next(sockets)).isNotNull();
  }

  @Test
  @DisplayName("has stored and acknowledged what it has read when it stops, and says DISCONNECT")
  void stops() throws InterruptedException {
    int port = startBroker();
    assertThat(port).isPositive();
    Session session = next(sessions).subscribed();
    next(handed).stored();
    session.publish(1, "{\"n\":1}");
    Handed open = next(handed);
    var stopped = vertx.undeploy(deployment);
    open.stored();
    assertThat(next(session.pubacks)).isEqualTo(1);
    assertThat(next(session.ended)).isEqualTo("DISCONNECT");
    await(stopped);
  }

  // --- what the tests are made of

  private String deployment;

  /** A session whose beginning the batcher knows. */
  private Session connected() throws InterruptedException {
    startBroker();
    Session session = next(sessions).subscribed();
    Handed begin = next(handed);
    assertThat(begin.chunk().newSession()).isTrue();
    begin.stored();
    return session;
  }

  private int startBroker() {
    MqttServer broker =
        MqttServer.create(vertx, new MqttServerOptions().setMaxMessageSize(1 << 20));
    broker.endpointHandler(
        endpoint -> {
          Session session = new Session(endpoint, granted);
          welcome.accept(endpoint);
          if (endpoint.isConnected()) {
            sessions.add(session);
          }
        });
    int port = await(broker.listen(0, "127.0.0.1")).actualPort();
    start(port);
    return port;
  }

  private void start(int port) {
    source =
        new MqttSource(
            config(port, TOPICS),
            LingerPolicy.of(Duration.ofMillis(5), Duration.ZERO),
            "edge",
            "spillway-pi",
            dir,
            new SimpleMeterRegistry(),
            TimeSource.SYSTEM);
    deployment = await(vertx.deployVerticle(source));
  }

  private static MqttConfig config(int port, List<String> topics) {
    return new MqttConfig(
        new BrokerUrl("127.0.0.1", port, false, null, null),
        topics,
        1,
        null,
        "user",
        new Secret("pässword"),
        LARGEST,
        Scalars.REJECT,
        null);
  }

  private void reconfigure(String... topics) {
    EdgeConfig edge = new EdgeConfig("pi", config(1, List.of(topics)), null, null, null);
    source.reconfigure(new Config(edge, null, null, null, null, null, null, null, null));
  }

  private String faultWith(String words) throws InterruptedException {
    RoleState state = next(states);
    while (!state.fault().words().contains(words)) {
      state = next(states);
    }
    return state.fault().words();
  }
}
