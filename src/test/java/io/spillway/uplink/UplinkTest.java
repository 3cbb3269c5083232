package io.spillway.uplink;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.next;
import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.utf8;
import static io.spillway.uplink.Batches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.Forwarded;
import io.spillway.bus.KeylessBatch;
import io.spillway.bus.LastFault;
import io.spillway.bus.Origin;
import io.spillway.bus.RoleState;
import io.spillway.config.Config;
import io.spillway.config.EdgeConfig;
import io.spillway.config.Secret;
import io.spillway.config.ServerUrl;
import io.spillway.config.UplinkConfig;
import io.spillway.config.UplinkMode;
import io.spillway.kit.Await;
import io.spillway.kit.Heard;
import io.spillway.kit.Proof;
import io.spillway.time.TimeSource;
import io.spillway.wire.Wire;
import io.spillway.wire.WireException;
import io.spillway.wire.WireMessage;
import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.BatchMessage;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Status;
import io.spillway.wire.WireMessage.Welcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The uplink")
@ExtendWith(VertxExtension.class)
class UplinkTest {
  private static final int BEATS_MAX = 30;

  private Vertx vertx;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BlockingQueue<HttpServerRequest> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
  private Duration ping = Duration.ofMillis(100);
  private Duration pongTimeout = Duration.ofSeconds(10);
  private Duration ackTimeout = Duration.ofSeconds(10);
  private Duration reconnect = Duration.ofMillis(20);
  private String query = "";
  private UplinkMode mode = UplinkMode.AUTO;

  /** A connection, at the server's end. */
  private static final class Peer {
    final ServerWebSocket socket;
    final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();

    Peer(ServerWebSocket socket) {
      this.socket = socket;
      socket.textMessageHandler(texts::add);
      socket.closeHandler(
          gone ->
              closed.add(
                  Objects.requireNonNullElse(socket.closeStatusCode(), (short) 0).intValue()));
    }

    WireMessage receive() throws InterruptedException {
      try {
        return Wire.decode(utf8(Await.next(texts)));
      } catch (WireException e) {
        throw new AssertionError(e);
      }
    }

    BatchMessage receiveBatch() throws InterruptedException {
      return (BatchMessage) receive();
    }

    void send(WireMessage message) {
      await(socket.writeTextMessage(Wire.encode(message)));
    }

    Hello welcome(long next) throws InterruptedException {
      Hello hello = (Hello) receive();
      send(new Welcome(next, 8, 1000, 10_000));
      return hello;
    }
  }

  @BeforeEach
  void register(Vertx vertx) {
    this.vertx = vertx;
    Channels.register(vertx);
  }

  @Test
  @DisplayName("says hello, sends what the server wants, and answers when it is acknowledged")
  void acknowledged() throws InterruptedException {
    start(true);
    Future<Long> answer = forward(batch(3, 5, 4));
    Peer peer = next(peers);
    assertThat(peer.socket.subProtocol()).isEqualTo(Wire.SUBPROTOCOL);
    assertThat(peer.welcome(6)).isEqualTo(new Hello("pi", "e", 3));
    BatchMessage batch = peer.receiveBatch();
    assertThat(batch.first()).isEqualTo(6);
    assertThat(batch.lines().count()).isEqualTo(3);
    assertThat(answer.isComplete()).isFalse();
    peer.send(new Ack(9));
    assertThat(await(answer)).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("tells a server that sends what is too large as what it is, once, and comes later")
  void tooLarge(boolean oneFrame) throws InterruptedException {
    try (Heard heard = new Heard(Uplink.class.getName())) {
      start(true);
      forward(batch(1, 1, 1));
      for (int attempt = 0; attempt < 2; attempt++) {
        Peer peer = next(peers);
        peer.receive();
        String part = "[".repeat(oneFrame ? 2_000_000 : 60_000);
        peer.socket.writeFrame(WebSocketFrame.textFrame(part, oneFrame));
        for (int i = 0; i < 8 && !oneFrame; i++) {
          peer.socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(part), i == 7));
        }
        next(peer.closed);
      }
      assertThat(heard.lines().stream().filter(line -> line.startsWith("WARN")))
          .singleElement()
          .asString()
          .contains("the server breaks the protocol: it sends what is too large for an edge");
      assertThat(heard.lines()).noneMatch(line -> line.contains("works again"));
    }
  }

  @Test
  @DisplayName("tells a server that asks for it how its roles are, between the batches")
  void status() throws InterruptedException {
    start(true);
    forward(batch(1, 1, 4));
    Peer peer = next(peers);
    assertThat(peer.receive()).isInstanceOf(Hello.class);
    peer.send(new Welcome(1, 8, 1000, 10_000, 500));
    assertThat(peer.receiveBatch().first()).isEqualTo(1);
    RoleState state = told(peer);
    assertThat(state.role()).isEqualTo("uplink");
    while (state.waiting() != 4) {
      state = told(peer);
    }
    peer.send(new Ack(5));
    while (state.done() != 4) {
      state = told(peer);
    }
    assertThat(registry.counter("spillway.uplink.status", "outcome", "sent").count())
        .isGreaterThanOrEqualTo(2);
  }

  private static RoleState told(Peer peer) throws InterruptedException {
    List<RoleState> roles = ((Status) peer.receive()).roles();
    assertThat(roles).hasSize(1);
    return roles.get(0);
  }

  @Test
  @DisplayName("tells it in a message that the server takes, however long its faults are")
  void statusWithinLimit() throws InterruptedException {
    start(true);
    forward(batch(1, 1, 0));
    Peer peer = next(peers);
    assertThat(peer.receive()).isInstanceOf(Hello.class);
    Fault fault = new Fault(FaultKind.OTHER, "connection refused, and so on and on ".repeat(20));
    RoleState source =
        new RoleState("source", "pi", "p", fault, 1, 2, Map.of(), new LastFault(fault, 9, 8));
    Channels.ROLE_STATE.publish(vertx, source);
    peer.send(new Welcome(1, 8, 1000, 1_024, 500));
    for (int told = 0; told < 3; told++) {
      String text = next(peer.texts);
      assertThat(utf8(text).length).isLessThanOrEqualTo(1_024);
      assertThat(text).contains("\"source\"", "connection refused");
      Channels.ROLE_STATE.publish(
          vertx, new RoleState("source", "pi", "p", fault, 1, told, Map.of(), LastFault.NONE));
    }
    assertThat(peer.closed).isEmpty();
  }

  @Test
  @DisplayName("tells nothing of itself to a server that does not ask, as an older one")
  void noStatus() throws InterruptedException {
    BlockingQueue<RoleState> beats = new LinkedBlockingQueue<>();
    Channels.ROLE_STATE.listen(vertx, beats::add);
    start(true);
    forward(batch(1, 1, 4));
    Peer peer = next(peers);
    peer.welcome(1);
    peer.receiveBatch();
    next(beats);
    next(beats);
    next(beats);
    assertThat(peer.texts).isEmpty();
  }

  @Test
  @DisplayName("connects again, and sends what was not acknowledged again, after a cut")
  void cut() throws InterruptedException {
    start(true);
    Future<Long> answer = forward(batch(1, 1, 4));
    Peer first = next(peers);
    first.welcome(1);
    first.receiveBatch();
    first.send(new Ack(3));
    await(first.socket.close());

    Peer second = next(peers);
    second.welcome(3);
    assertThat(second.receiveBatch().first()).isEqualTo(3);
    second.send(new Ack(5));
    assertThat(await(answer)).isEqualTo(5);
    assertThat(registry.counter("spillway.uplink.connects").count()).isEqualTo(2);
  }

  @Test
  @DisplayName("begins again from hello when the server closes with 4409")
  void gap() throws InterruptedException {
    start(true);
    Future<Long> answer = forward(batch(1, 1, 4));
    Peer first = next(peers);
    first.welcome(1);
    first.receiveBatch();
    await(first.socket.close((short) 4409, "expected 2, not 1"));
    Peer second = next(peers);
    assertThat(second.welcome(2)).isEqualTo(new Hello("pi", "e", 1));
    assertThat(second.receiveBatch().first()).isEqualTo(2);
    second.send(new Ack(5));
    assertThat(await(answer)).isEqualTo(5);
  }

  @Test
  @DisplayName("says hello again without waiting when records before the next batch are set aside")
  void helloAgain() throws InterruptedException {
    reconnect = Duration.ofMinutes(1);
    start(true);
    forward(batch(1, 1, 2));
    Peer first = next(peers);
    first.welcome(1);
    first.receiveBatch();
    first.send(new Ack(3));
    Future<Long> answer = forward(batch(4, 4, 2)); // 3 was set aside
    Peer second = next(peers);
    assertThat(second.welcome(4).first()).isEqualTo(4);
    assertThat(second.receiveBatch().first()).isEqualTo(4);
    second.send(new Ack(6));
    assertThat(await(answer)).isEqualTo(6);
  }

  @Test
  @DisplayName("begins anew for a spool of another epoch, however far it was with the one before")
  void anotherEpoch() throws InterruptedException {
    start(true);
    Future<Long> old = forward(batch(1, 1_000, 4));
    Peer first = next(peers);
    first.welcome(1_000);
    first.receiveBatch();
    first.send(new Ack(1_004));
    assertThat(await(old)).isEqualTo(1_004);

    Future<Long> fresh = forward(batch("f", 1, 1, 3));
    Peer second = next(peers);
    assertThat(second.welcome(1)).isEqualTo(new Hello("pi", "f", 1));
    assertThat(second.receiveBatch().lines().count()).isEqualTo(3);
    assertThat(fresh.isComplete()).isFalse();
    second.send(new Ack(4));
    assertThat(await(fresh)).isEqualTo(4);
  }

  @Test
  @DisplayName("drops a connection whose server does not acknowledge in time")
  void noAck() throws InterruptedException {
    ackTimeout = Duration.ofMillis(300);
    start(true);
    Future<Long> answer = forward(batch(1, 1, 4));
    Peer first = next(peers);
    first.welcome(1);
    first.receiveBatch();
    next(first.closed);
    Peer second = next(peers);
    second.welcome(1);
    second.receiveBatch();
    second.send(new Ack(5));
    assertThat(await(answer)).isEqualTo(5);
  }

  @Test
  @DisplayName("drops a connection whose server does not even say welcome")
  void noWelcome() throws InterruptedException {
    ackTimeout = Duration.ofMillis(300);
    start(true);
    Future<Long> answer = forward(batch(1, 1, 4));
    next(next(peers).closed);
    assertThat(answer.isComplete()).isFalse();
    assertThat(next(peers).welcome(1)).isNotNull();
  }

  @Test
  @DisplayName("drops a connection on which no pong comes back")
  void noPong() throws InterruptedException {
    pongTimeout = Duration.ofMillis(400);
    start(true);
    Peer first = next(peers);
    first.socket.pause(); // no pings are read, so none is answered
    Peer second = next(peers);
    assertThat(second).isNotSameAs(first);
  }

  @Test
  @Proof
  @DisplayName("keeps a connection on which a long message comes slowly")
  void slowMessage() throws InterruptedException {
    pongTimeout = Duration.ofMillis(400);
    start(true);
    Future<Long> answer = forward(batch(1, 1, 4));
    Peer peer = next(peers);
    peer.welcome(1);
    peer.receiveBatch();
    byte[] ack = utf8(Wire.encode(new Ack(5)));
    Buffer frame = Buffer.buffer(new byte[] {(byte) 0x81, (byte) ack.length}).appendBytes(ack);
    ChannelHandlerContext raw =
        ((WebSocketInternal) peer.socket).channelHandlerContext().pipeline().firstContext();
    raw.channel().config().setAutoRead(false); // no ping is read, or a pong would come in between
    int[] sent = {0};
    vertx.setPeriodic(
        1_200 / frame.length(),
        timer -> {
          ChannelFuture unused =
              raw.writeAndFlush(Unpooled.wrappedBuffer(frame.getBytes(sent[0], sent[0] + 1)));
          if (++sent[0] == frame.length()) {
            vertx.cancelTimer(timer);
          }
        });
    assertThat(await(answer)).isEqualTo(5);
    assertThat(peer.closed).isEmpty();
    assertThat(peers).isEmpty();
  }

  @Test
  @DisplayName("waits longer for an acknowledgement each time that it has given up in vain")
  void longerForAck() throws InterruptedException {
    ackTimeout = Duration.ofMillis(300);
    start(true);
    Future<Long> answer = forward(batch(1, 1, 4));
    for (int times = 1; times <= 4; times *= 2) {
      Peer peer = next(peers);
      peer.welcome(1);
      peer.receiveBatch();
      long since = System.nanoTime();
      next(peer.closed);
      assertThat(System.nanoTime() - since).isGreaterThan(times * 250_000_000L);
    }
    assertThat(answer.isComplete()).isFalse();
  }

  @Test
  @DisplayName("keeps an idle connection, by pings, beyond all its time-outs")
  void idle() throws InterruptedException {
    ping = Duration.ofMillis(50);
    pongTimeout = Duration.ofMillis(500);
    ackTimeout = Duration.ofMillis(500);
    start(true);
    Peer peer = next(peers);
    BlockingQueue<String> pings = new LinkedBlockingQueue<>();
    peer.socket.frameHandler(
        frame -> {
          if (frame.isPing()) {
            pings.add("ping");
          }
        });
    long until = System.nanoTime() + 1_200_000_000L;
    while (System.nanoTime() < until) {
      next(pings);
    }
    assertThat(peer.closed).isEmpty();
    assertThat(peers).isEmpty();
  }

  @Test
  @DisplayName("splits batches by the records and the bytes that the server takes")
  void splits() throws InterruptedException {
    start(true);
    Future<Long> answer = forward(batch(1, 1, 5));
    Peer peer = next(peers);
    peer.receive();
    peer.send(new Welcome(1, 8, 2, 10_000));
    assertThat(peer.receiveBatch().lines().count()).isEqualTo(2);
    assertThat(peer.receiveBatch().first()).isEqualTo(3);
    assertThat(peer.receiveBatch().first()).isEqualTo(5);
    peer.send(new Ack(6));
    assertThat(await(answer)).isEqualTo(6);
  }

  @Test
  @DisplayName("gives a record back that is too large for the server")
  void tooLarge() throws InterruptedException {
    start(true);
    String huge = "{\"f\":\"" + "x".repeat(20_000) + "\"}";
    Future<Long> answer = forward(KeylessBatch.of("pi", "e", 1, 1, lines(huge)));
    next(peers).welcome(1);
    Throwable failure = Await.failure(answer);
    assertThat(BusFailure.of(failure)).isEqualTo(BusFailure.TOO_LARGE);
  }

  @Test
  @DisplayName("carries a large batch whole")
  void large() throws InterruptedException {
    start(true);
    String record = "{\"f\":\"" + "é".repeat(2_000) + "\"}";
    String[] records = new String[1_000];
    java.util.Arrays.fill(records, record);
    Future<Long> answer = forward(KeylessBatch.of("pi", "e", 1, 1, lines(records)));
    Peer peer = next(peers);
    peer.receive();
    peer.send(new Welcome(1, 8, 1000, 8_000_000));
    assertThat(peer.receiveBatch().lines().length()).isEqualTo(1_000 * (utf8(record).length + 1));
    peer.send(new Ack(1_001));
    assertThat(await(answer)).isEqualTo(1_001);
  }

  @Test
  @DisplayName("offers its token as Bearer and as ?token=, beside what the url has already")
  void token() throws InterruptedException {
    query = "?site=a%20b";
    start(true);
    HttpServerRequest request = next(requests);
    assertThat(request.getHeader("Authorization")).isEqualTo("Bearer plain-token");
    assertThat(request.getParam("token")).isEqualTo("plain-token");
    assertThat(request.getParam("site")).isEqualTo("a b");
    assertThat(request.path()).isEqualTo("/ws");
    assertThat(request.getHeader("Origin")).isNull();
  }

  @Test
  @DisplayName("speaks plain to a server that names no subprotocol")
  void plain() throws InterruptedException {
    start(false);
    Future<Long> answer = forward(batch(1, 1, 2));
    Peer peer = plainPeer();
    assertThat(next(peer.texts)).isEqualTo("[{\"n\":1},{\"n\":2}]");
    assertThat(await(answer)).isEqualTo(3); // by the pong, which the socket answers by itself
  }

  @Test
  @DisplayName("halves what a plain server closes at with 1009, and gives back what never fits")
  void plainServerTakesLess() {
    List<Integer> stored = Collections.synchronizedList(new ArrayList<>());
    int port =
        await(
                vertx
                    .createHttpServer()
                    .webSocketHandler(socket -> takesUpTo300(socket, stored))
                    .listen(0, "127.0.0.1"))
            .actualPort();
    await(vertx.deployVerticle(uplink(port)));
    assertThat(await(forward(batch(1, 1, 100)))).isEqualTo(101);
    assertThat(stored).containsExactlyElementsOf(IntStream.rangeClosed(1, 100).boxed().toList());

    String huge = "{\"n\":101,\"f\":\"" + "x".repeat(400) + "\"}";
    Throwable failure = Await.failure(forward(KeylessBatch.of("pi", "e", 101, 101, lines(huge))));
    assertThat(BusFailure.of(failure)).isEqualTo(BusFailure.TOO_LARGE);
    assertThat(failure).hasMessageContaining("record 101");
    assertThat(await(forward(batch(102, 102, 5)))).isEqualTo(107);
  }

  private static void takesUpTo300(ServerWebSocket socket, List<Integer> stored) {
    socket.textMessageHandler(
        text -> {
          if (socket.isClosed()) {
            return;
          }
          if (text.length() > 300) {
            closeWith1009(socket);
          } else {
            new JsonArray(text).forEach(r -> stored.add(((JsonObject) r).getInteger("n")));
          }
        });
  }

  private static void closeWith1009(ServerWebSocket socket) {
    socket.close((short) 1009).onFailure(gone -> assertThat(socket.isClosed()).isTrue());
  }

  @Test
  @DisplayName("speaks plain to a server that echoes the first subprotocol it is offered")
  void echoes() throws InterruptedException {
    HttpServerOptions first = new HttpServerOptions();
    first.setWebSocketSubProtocols(List.of("plain"));
    start(first);
    Future<Long> answer = forward(batch(1, 1, 2));
    Peer peer = plainPeer();
    assertThat(next(peer.texts)).isEqualTo("[{\"n\":1},{\"n\":2}]");
    assertThat(await(answer)).isEqualTo(3);
  }

  @Test
  @DisplayName("comes back until the server takes it, in ever longer steps")
  void refusedFirst() throws InterruptedException {
    int[] refusals = {3};
    int port =
        await(
                vertx
                    .createHttpServer(options(true))
                    .requestHandler(
                        request -> {
                          if (refusals[0]-- > 0) {
                            request.response().setStatusCode(401).end();
                          } else {
                            request.toWebSocket().onSuccess(s -> peers.add(new Peer(s)));
                          }
                        })
                    .listen(0, "127.0.0.1"))
            .actualPort();
    await(vertx.deployVerticle(uplink(port)));
    Future<Long> answer = forward(batch(1, 1, 1));
    Peer peer = next(peers);
    peer.welcome(1);
    peer.receiveBatch();
    peer.send(new Ack(2));
    assertThat(await(answer)).isEqualTo(2);
  }

  @Test
  @DisplayName("moves to another server, with another token, while it runs, and loses nothing")
  void moves() throws InterruptedException {
    Uplink uplink = uplink(listen(options(true)));
    await(vertx.deployVerticle(uplink));
    Future<Long> answer = forward(batch(1, 1, 2));
    Peer before = next(peers);
    before.welcome(1);
    before.receiveBatch();

    ServerUrl other = url(listen(options(true)));
    uplink.reconfigure(at(config(other, new Secret("another-token"))));

    assertThat(next(before.closed)).isEqualTo(1001);
    Peer after = next(peers);
    assertThat(after.welcome(1)).isEqualTo(new Hello("pi", "e", 1));
    assertThat(after.receiveBatch().first()).isEqualTo(1);
    after.send(new Ack(3));
    assertThat(await(answer)).isEqualTo(3);
    assertThat(next(requests).localAddress().port()).isNotEqualTo(other.url().getPort());
    HttpServerRequest moved = next(requests);
    assertThat(moved.localAddress().port()).isEqualTo(other.url().getPort());
    assertThat(moved.getHeader("Authorization")).isEqualTo("Bearer another-token");
  }

  @Test
  @DisplayName("moves at once while it waits to try again, and stays where nothing has changed")
  void movesWhileAway() throws InterruptedException {
    Uplink uplink = uplink(1); // nobody is there
    await(vertx.deployVerticle(uplink));
    Future<Long> answer = forward(batch(1, 1, 1));
    UplinkConfig fresh = config(url(listen(options(true))), new Secret("plain-token"));

    uplink.reconfigure(at(fresh));
    Peer peer = next(peers);
    uplink.reconfigure(at(fresh));

    peer.welcome(1);
    peer.receiveBatch();
    peer.send(new Ack(2));
    assertThat(await(answer)).isEqualTo(2);
    assertThat(peer.closed).isEmpty();
  }

  @Test
  @DisplayName("drops a server that breaks the protocol, keeps what waits, says so and waits long")
  void distrusts() throws InterruptedException {
    BlockingQueue<RoleState> beats = new LinkedBlockingQueue<>();
    Channels.ROLE_STATE.listen(vertx, beats::add);
    start(true);
    Future<Long> answer = forward(batch(1, 1, 4));
    Peer first = next(peers);
    first.welcome(1);
    first.receiveBatch();
    first.send(new Ack(999_999));
    next(first.closed);
    assertThat(answer.isComplete()).isFalse();

    Peer second = next(peers); // it comes again: the server may have been mended
    assertThat(faultOf(next(beats), beats)).contains("breaks the protocol", "nothing let go of");
    second.welcome(1);
    second.receiveBatch();
    second.send(new Ack(5));
    assertThat(await(answer)).isEqualTo(5);
  }

  @Test
  @DisplayName("believes nothing more of a server that it has given up, be it right")
  void believesNoMore() throws InterruptedException {
    start(true);
    Future<Long> answer = forward(batch(1, 1, 4));
    Peer first = next(peers);
    first.welcome(1);
    first.receiveBatch();
    first.socket.writeTextMessage(Wire.encode(new Ack(999_999)));
    first.socket.writeTextMessage(Wire.encode(new Ack(5)));
    next(first.closed);
    next(peers).welcome(1);
    assertThat(answer.isComplete()).isFalse();
  }

  private static String faultOf(RoleState state, BlockingQueue<RoleState> beats)
      throws InterruptedException {
    RoleState at = state;
    for (int left = BEATS_MAX; at.fault().isEmpty(); left--) {
      assertThat(left).as("beats of which one should tell a fault").isPositive();
      at = next(beats);
    }
    return at.fault().words();
  }

  @Test
  @DisplayName("says why it is not let in, with 4403")
  void forbidden() throws InterruptedException {
    BlockingQueue<RoleState> beats = new LinkedBlockingQueue<>();
    Channels.ROLE_STATE.listen(vertx, beats::add);
    start(true);
    Origin keyed = new Origin("pi", "e", "0123456789abcdef".repeat(2), true);
    Future<Long> answer = forward(new Batch(keyed, 1, 5, 1, batch(1, 1, 4).lines()));
    Peer peer = next(peers);
    peer.receive();
    await(peer.socket.close((short) 4403, "pi.e belongs to whoever has its key"));
    assertThat(faultOf(next(beats), beats)).contains("4403", "belongs to whoever");
    assertThat(answer.isComplete()).isFalse();
  }

  @Test
  @DisplayName("speaks plain to nobody that does not acknowledge when it is told so")
  void neverPlain() throws InterruptedException {
    refusedAsPlain(new HttpServerOptions());
  }

  @Test
  @DisplayName("nor to one that echoes what it is offered first")
  void neverPlainToAnEcho() throws InterruptedException {
    refusedAsPlain(new HttpServerOptions().setWebSocketSubProtocols(List.of("plain")));
  }

  private void refusedAsPlain(HttpServerOptions server) throws InterruptedException {
    mode = UplinkMode.ACKNOWLEDGED;
    BlockingQueue<RoleState> beats = new LinkedBlockingQueue<>();
    Channels.ROLE_STATE.listen(vertx, beats::add);
    start(server);
    Future<Long> answer = forward(batch(1, 1, 2));
    assertThat(faultOf(next(beats), beats)).contains("does not speak spillway.v1");
    assertThat(answer.isComplete()).isFalse();
    assertThat(peers).allMatch(peer -> peer.texts.isEmpty());
  }

  @Test
  @DisplayName("does not go down to plain with a spool that a server has acknowledged")
  void noDowngrade() throws InterruptedException {
    BlockingQueue<RoleState> beats = new LinkedBlockingQueue<>();
    Channels.ROLE_STATE.listen(vertx, beats::add);
    start(false);
    Batch proven =
        new Batch(new Origin("pi", "e", null, true), 1, 3, 1, lines("{\"n\":1}", "{\"n\":2}"));
    Future<Long> answer = forward(proven);
    assertThat(faultOf(next(beats), beats)).contains("acknowledged before", "edge.uplink.mode");
    assertThat(answer.isComplete()).isFalse();
    assertThat(peers).allMatch(peer -> peer.texts.isEmpty());
  }

  @Test
  @DisplayName("speaks plain even then when it is told so, and stands by it in its state")
  void plainAsTold() throws InterruptedException {
    mode = UplinkMode.PLAIN;
    BlockingQueue<RoleState> beats = new LinkedBlockingQueue<>();
    Channels.ROLE_STATE.listen(vertx, beats::add);
    start(true);
    Future<Long> answer =
        forward(new Batch(new Origin("pi", "e", null, true), 1, 2, 1, lines("{}")));
    Peer peer = next(peers);
    assertThat(peer.socket.subProtocol()).isNull();
    assertThat(next(peer.texts)).isEqualTo("[{}]");
    assertThat(await(answer)).isEqualTo(2);
    while (next(beats).counters().get("plain") != 1) {
      assertThat(registry.get("spillway.uplink.plain").gauge().value()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("tells the batcher whether a server has acknowledged, and what it answers")
  void answers() throws InterruptedException {
    start(true);
    Batch batch = batch(1, 1, 1);
    Future<Forwarded> answer = Channels.batchForward("pi").request(vertx, batch);
    Peer peer = next(peers);
    peer.welcome(1);
    peer.receiveBatch();
    peer.send(new Ack(2));
    assertThat(await(answer)).isEqualTo(batch.forwarded(2, true, 2));
  }

  @Test
  @DisplayName("does not start where another uplink answers for this edge, and says where that is")
  void second() {
    await(vertx.deployVerticle(uplink(1)));
    Throwable refused = Await.failure(vertx.deployVerticle(uplink(1)));
    assertThat(refused)
        .hasMessageContaining("batch.forward.pi is answered already by process ")
        .hasMessageContaining("edge.name");
  }

  @Test
  @DisplayName("says goodbye with 1001 when it is stopped")
  void stops() throws InterruptedException {
    String id = start(true);
    Future<Long> answer = forward(batch(1, 1, 1));
    Peer peer = next(peers);
    peer.receive(); // hello: from now on the edge has its connection, too
    Future<Void> stopped = vertx.undeploy(id);
    assertThat(next(peer.closed)).isEqualTo(1001);
    await(stopped);
    assertThat(answer.succeeded()).isFalse();
  }

  // --- what the tests are made of

  private Future<Long> forward(Batch batch) {
    return Channels.batchForward("pi").request(vertx, batch).map(Forwarded::next);
  }

  private String start(boolean acknowledging) {
    return start(options(acknowledging));
  }

  private String start(HttpServerOptions options) {
    return await(vertx.deployVerticle(uplink(listen(options))));
  }

  private int listen(HttpServerOptions options) {
    return await(
            vertx
                .createHttpServer(options)
                .requestHandler(
                    request -> {
                      requests.add(request);
                      request.toWebSocket().onSuccess(s -> peers.add(new Peer(s)));
                    })
                .listen(0, "127.0.0.1"))
        .actualPort();
  }

  private static HttpServerOptions options(boolean acknowledging) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setMaxWebSocketMessageSize(16 << 20)
            .setMaxWebSocketFrameSize(16 << 20);
    if (acknowledging) {
      options.setWebSocketSubProtocols(List.of(Wire.SUBPROTOCOL));
    }
    return options;
  }

  private Uplink uplink(int port) {
    return new Uplink(
        config(url(port), new Secret("plain-token")), () -> "pi", registry, TimeSource.SYSTEM);
  }

  private ServerUrl url(int port) {
    return new ServerUrl(URI.create("ws://127.0.0.1:" + port + "/ws" + query), null);
  }

  private UplinkConfig config(ServerUrl server, Secret token) {
    return new UplinkConfig(
        server,
        token,
        mode,
        ping,
        pongTimeout,
        ackTimeout,
        reconnect,
        reconnect.multipliedBy(5),
        false,
        null);
  }

  private static Config at(UplinkConfig uplink) {
    EdgeConfig edge = new EdgeConfig("pi", null, null, null, uplink);
    return new Config(edge, null, null, null, null, null, null, null, null);
  }

  /** The connection that stays: the first one may be given up for its subprotocol. */
  private Peer plainPeer() throws InterruptedException {
    Peer peer = next(peers);
    while (Wire.SUBPROTOCOL.equals(peer.socket.subProtocol()) || peer.texts.isEmpty()) {
      Peer newer = peers.poll(500, java.util.concurrent.TimeUnit.MILLISECONDS);
      if (newer != null) {
        peer = newer;
      }
    }
    return peer;
  }
}
