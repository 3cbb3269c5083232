package io.spillway.server.mqtt;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.next;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.spillway.bus.Channels;
import io.spillway.bus.Records;
import io.spillway.config.BrokerUrl;
import io.spillway.config.Config;
import io.spillway.config.GatewayConfig;
import io.spillway.config.JournalConfig;
import io.spillway.config.LimitsConfig;
import io.spillway.config.LiveConfig;
import io.spillway.config.PagesConfig;
import io.spillway.config.ServerConfig;
import io.spillway.kit.Await;
import io.spillway.kit.FreePort;
import io.spillway.kit.Heard;
import io.spillway.kit.Proof;
import io.spillway.kit.RawSocket;
import io.spillway.message.Lines;
import io.spillway.server.Server;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("MQTT over WebSocket")
@ExtendWith(VertxExtension.class)
class MqttEndpointTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int QUEUE_BYTES = 65_536;
  private static final int MESSAGE_BYTES = 20_000;

  /** Most that one read of a socket brings. */
  private static final int READ_BYTES = 65_536;

  @TempDir Path dir;
  private Vertx vertx;
  private final int port = FreePort.next();
  private final Wires wires = new Wires(null);
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final BlockingQueue<NetSocket> clients = new LinkedBlockingQueue<>();
  private int brokerPort;
  private Server server;

  @BeforeEach
  void open(Vertx vertx) {
    this.vertx = vertx;
    Channels.register(vertx);
    Channels.RECORDS_READ.answer(
        vertx, asked -> Future.succeededFuture(new Records("j", 1, Lines.NONE, 1, 1)));
    NetServer broker =
        await(vertx.createNetServer().connectHandler(this::accept).listen(0, "127.0.0.1"));
    brokerPort = broker.actualPort();
  }

  /** Accepts whoever it is. */
  private void accept(NetSocket client) {
    byte[] connack =
        new Wires(null)
            .encode(
                MqttMessageBuilders.connAck()
                    .returnCode(MqttConnectReturnCode.CONNECTION_ACCEPTED)
                    .build());
    client.handler(
        packet -> {
          client.write(Buffer.buffer(connack));
          clients.add(client);
        });
  }

  @Test
  @Proof
  @DisplayName("holds no more for a client that does not read than queueBytes and one read")
  void slowReader() throws Exception {
    server = new Server(allowing(null), null, false, asked -> brokerPort, registry);
    await(vertx.deployVerticle(server));
    try (Socket browser = new Socket()) {
      browser.setReceiveBufferSize(2_048);
      browser.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      shakeHands(browser);
      byte[] connect = wires.encode(Wires.connectAs(MqttVersion.MQTT_3_1_1).build());
      byte[] frame = RawSocket.frame(new Random(1), 0x82, true, connect.length, 0, connect);
      browser.getOutputStream().write(frame);
      NetSocket broker = next(clients);

      byte[] message = message("large", Unpooled.wrappedBuffer(new byte[MESSAGE_BYTES]));
      Await.until(
          "the broker is not read any more",
          Duration.ofSeconds(60),
          () -> {
            for (int i = 0; i < 100 && !broker.writeQueueFull(); i++) {
              broker.write(Buffer.buffer(message));
            }
            return isStill() && inKernel(brokerPort, broker.remoteAddress().port()) > 0;
          });
      long held = passed() - inKernel(port, browser.getLocalPort());
      assertThat(held).isBetween(1L, QUEUE_BYTES + READ_BYTES + (long) message.length);
    }
  }

  @Test
  @Proof
  @DisplayName("has let go of a client that does not read soon after it is closed as too slow")
  void tooSlow() throws Exception {
    server =
        new Server(
            allowing(null, Duration.ofSeconds(1)), null, false, asked -> brokerPort, registry);
    await(vertx.deployVerticle(server));
    try (Heard netty = new Heard("io.netty.util.concurrent.DefaultPromise");
        Socket browser = new Socket()) {
      browser.setReceiveBufferSize(2_048);
      browser.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      shakeHands(browser);
      byte[] connect = wires.encode(Wires.connectAs(MqttVersion.MQTT_3_1_1).build());
      send(browser, 0x82, connect);
      NetSocket broker = next(clients);
      byte[] message = message("large", Unpooled.wrappedBuffer(new byte[MESSAGE_BYTES]));
      broker.closeHandler(gone -> clients.add(broker));
      write(broker, message);
      next(clients); // it is closed, and so is the client

      Await.until(
          "the client's connection is gone",
          Duration.ofSeconds(30),
          () -> {
            try {
              send(browser, 0x89, new byte[0]);
              return false;
            } catch (IOException reset) {
              return true;
            }
          });
      await(vertx.timer(6_000));
      await(vertx.timer(6_000)); // Vert.x gives up 10 s behind its close frame
      assertThat(netty.lines()).isEmpty();
    }
  }

  @Test
  @Proof
  @DisplayName("keeps a client that reads all the time, however slowly room is made in the kernel")
  void slowReaderStays() throws Exception {
    server =
        new Server(
            allowing(null, Duration.ofSeconds(2)), null, false, asked -> brokerPort, registry);
    await(vertx.deployVerticle(server));
    try (Socket browser = new Socket()) {
      browser.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      shakeHands(browser);
      send(browser, 0x82, wires.encode(Wires.connectAs(MqttVersion.MQTT_3_1_1).build()));
      NetSocket broker = next(clients);
      broker.closeHandler(gone -> clients.add(broker));
      write(broker, message("large", Unpooled.wrappedBuffer(new byte[MESSAGE_BYTES])));
      for (int tenth = 0; tenth < 80; tenth++) {
        assertThat(clients).as("closed after %d tenths of a second", tenth).isEmpty();
        browser.getInputStream().readNBytes(10_000);
        await(vertx.timer(100)); // it is the pace that is tested
      }
      assertThat(inKernel(port, browser.getLocalPort())).isGreaterThan(QUEUE_BYTES);
      next(clients); // it does not read any more
    }
  }

  @Test
  @DisplayName("closes nobody for a silence in which its own process stood still")
  void standstill() throws Exception {
    Duration second = Duration.ofSeconds(1);
    AtomicBoolean stands = new AtomicBoolean();
    server =
        new Server(
            allowing(null, MINUTE, second.dividedBy(4), second),
            null,
            false,
            asked -> {
              if (stands.getAndSet(false)) { // on the event loop of the server
                LockSupport.parkNanos(second.multipliedBy(3).toNanos());
              }
              return brokerPort;
            },
            registry);
    await(vertx.deployVerticle(server));
    WebSocket first = openWebSocket();
    BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
    first.closeHandler(gone -> closed.add((int) first.closeStatusCode()));
    BlockingQueue<Buffer> pings = new LinkedBlockingQueue<>();
    first.frameHandler(
        frame -> {
          if (frame.isPing()) {
            pings.add(frame.binaryData());
          }
        });
    send(first, wires.encode(Wires.connectAs(MqttVersion.MQTT_3_1_1).build()));
    next(clients);
    next(pings);
    stands.set(true);
    openWebSocket();
    assertThat(stands).isFalse();
    pings.clear();
    next(pings);
    next(pings);
    assertThat(closed).isEmpty();
  }

  /** Again and again, until it is closed. */
  private static void write(NetSocket broker, byte[] message) {
    broker.write(Buffer.buffer(message)).onSuccess(taken -> write(broker, message));
  }

  private static void send(Socket browser, int first, byte[] payload) throws IOException {
    browser
        .getOutputStream()
        .write(RawSocket.frame(new Random(1), first, true, payload.length, 0, payload));
  }

  @Test
  @DisplayName(
      "goes by the rules of topics that are in force when it begins, not when it was asked")
  void rulesOfNow() throws InterruptedException {
    server =
        new Server(
            allowing(null),
            null,
            false,
            asked -> { // before the broker can have answered
              server.reconfigure(config(allowing(List.of("allowed/#"))));
              return brokerPort;
            },
            registry);
    await(vertx.deployVerticle(server));
    WebSocket browser = openWebSocket();
    BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
    browser.closeHandler(gone -> closed.add((int) browser.closeStatusCode()));
    BlockingQueue<Buffer> answers = new LinkedBlockingQueue<>();
    browser.binaryMessageHandler(answers::add);
    send(browser, wires.encode(Wires.connectAs(MqttVersion.MQTT_3_1_1).build()));
    next(answers);
    send(browser, message("secret/x", Unpooled.EMPTY_BUFFER));
    assertThat(next(closed)).isEqualTo(1008);
    assertThat(browser.closeReason()).contains("does not allow topic secret/x");
  }

  private WebSocket openWebSocket() {
    return await(
        vertx
            .createWebSocketClient()
            .connect(
                new WebSocketConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(port)
                    .setURI("/mqtt")
                    .addSubProtocol("mqtt")));
  }

  private static void send(WebSocket browser, byte[] packet) {
    await(browser.writeBinaryMessage(Buffer.buffer(packet)));
  }

  private static Config config(ServerConfig server) {
    return new Config(null, server, null, null, null, null, null, null, null);
  }

  private static void shakeHands(Socket browser) throws IOException {
    String request =
        String.join(
            "\r\n",
            "GET /mqtt HTTP/1.1",
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: mqtt",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "",
            "");
    browser.getOutputStream().write(request.getBytes(US_ASCII));
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append((char) browser.getInputStream().read());
    }
    assertThat(answer).startsWith("HTTP/1.1 101");
  }

  /** Bytes that have come from the broker. */
  private long passed() {
    return (long)
        registry.get("spillway.mqtt.gateway.bytes").tag("from", "broker").counter().count();
  }

  /** Nothing has come for a second. */
  private boolean isStill() {
    long before = passed();
    await(vertx.timer(1_000));
    return passed() == before;
  }

  /** Of what was sent to this client: bytes on their way, or there and not read. */
  private static long inKernel(int server, int client) throws IOException {
    long bytes = 0;
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] columns = line.trim().split("[\\s:]+");
        if (columns.length > 7 && isOf(columns, server, client)) {
          bytes += Long.parseLong(columns[6], 16);
        } else if (columns.length > 7 && isOf(columns, client, server)) {
          bytes += Long.parseLong(columns[7], 16);
        }
      }
    }
    return bytes;
  }

  /** Of a line: number, local address and port, remote address and port, state, queues. */
  private static boolean isOf(String[] columns, int local, int remote) {
    String from = "%04X".formatted(local);
    return columns[2].equals(from) && columns[4].equals("%04X".formatted(remote));
  }

  private byte[] message(String topic, ByteBuf payload) {
    return wires.encode(
        MqttMessageBuilders.publish()
            .topicName(topic)
            .qos(MqttQoS.AT_MOST_ONCE)
            .payload(payload)
            .build());
  }

  private ServerConfig allowing(List<String> publish) {
    return allowing(publish, MINUTE);
  }

  private ServerConfig allowing(List<String> publish, Duration slow) {
    return allowing(publish, slow, MINUTE, MINUTE.plus(MINUTE));
  }

  private ServerConfig allowing(List<String> publish, Duration slow, Duration ping, Duration idle) {
    return new ServerConfig(
        "127.0.0.1",
        port,
        List.of(),
        new JournalConfig(
            dir,
            "ingest.ndjson",
            Duration.ZERO,
            64 << 20,
            Duration.ofMinutes(60),
            false,
            Duration.ZERO,
            0),
        new LiveConfig(true, MINUTE, MINUTE.plus(MINUTE), 1 << 20, List.of(), List.of(), 4),
        new LimitsConfig(100_000, 100, 100, 0),
        new GatewayConfig(
            new BrokerUrl("127.0.0.1", 1883, false, null, null),
            null,
            true,
            publish,
            List.of("#"),
            10,
            262_144,
            QUEUE_BYTES,
            Duration.ofSeconds(5),
            ping,
            idle,
            slow),
        new PagesConfig(
            null,
            new PagesConfig.Vote("test/phone", null, List.of("A", "B"), true),
            new PagesConfig.Chat("chat")),
        List.of(),
        MINUTE);
  }
}
