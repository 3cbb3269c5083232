package io.spillway.server.mqtt;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
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
import io.spillway.kit.FreePort;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("MQTT over WebSocket")
@ExtendWith(VertxExtension.class)
class MqttEndpointTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir Path dir;
  private Vertx vertx;
  private final int port = FreePort.next();
  private final Wires wires = new Wires(null);
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
        wires.encode(
            MqttMessageBuilders.connAck()
                .returnCode(MqttConnectReturnCode.CONNECTION_ACCEPTED)
                .build());
    client.handler(packet -> client.write(Buffer.buffer(connack)));
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
            asked -> { // it is being connected to just now
              server.reconfigure(config(allowing(List.of("allowed/#"))));
              return brokerPort;
            },
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    await(vertx.deployVerticle(server));
    WebSocket browser =
        await(
            vertx
                .createWebSocketClient()
                .connect(
                    new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI("/mqtt")
                        .addSubProtocol("mqtt")));
    BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
    browser.closeHandler(gone -> closed.add((int) browser.closeStatusCode()));
    BlockingQueue<Buffer> answers = new LinkedBlockingQueue<>();
    browser.binaryMessageHandler(answers::add);
    send(browser, wires.encode(Wires.connectAs(MqttVersion.MQTT_3_1_1).build()));
    next(answers);
    send(
        browser,
        wires.encode(
            MqttMessageBuilders.publish()
                .topicName("secret/x")
                .qos(MqttQoS.AT_MOST_ONCE)
                .payload(Unpooled.EMPTY_BUFFER)
                .build()));
    assertThat(next(closed)).isEqualTo(1008);
    assertThat(browser.closeReason()).contains("does not allow topic secret/x");
  }

  private static void send(WebSocket browser, byte[] packet) {
    await(browser.writeBinaryMessage(Buffer.buffer(packet)));
  }

  private static Config config(ServerConfig server) {
    return new Config(null, server, null, null, null, null, null, null, null);
  }

  private ServerConfig allowing(List<String> publish) {
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
            65_536,
            Duration.ofSeconds(5),
            MINUTE,
            MINUTE.plus(MINUTE),
            MINUTE),
        new PagesConfig(
            null,
            new PagesConfig.Vote("test/phone", null, List.of("A", "B"), true),
            new PagesConfig.Chat("chat")),
        List.of(),
        MINUTE);
  }
}
