package io.spillway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.util.NetUtil;
import io.spillway.net.Loopback;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("The demo broker")
@ExtendWith(VertxExtension.class)
class DemoBrokerTest {
  private static final String TOPIC = "pws-packet/station-1/temp";

  // MQTT 3.1.1, section 3.1: protocol name and level, clean session, keep-alive 10 s, client id
  // "a".
  private static final Buffer CONNECT =
      Buffer.buffer(new byte[] {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 10, 0, 1, 'a'});
  private static final Buffer ACCEPTED = Buffer.buffer(new byte[] {0x20, 2, 0, 0});

  private final DemoBroker broker = new DemoBroker(0, 0);

  @BeforeEach
  void deploy(Vertx vertx, VertxTestContext test) {
    vertx.deployVerticle(broker).onComplete(test.succeedingThenComplete());
  }

  @Test
  @DisplayName("hands a QoS 1 message to a subscriber, once, at QoS 1")
  void qosOne(Vertx vertx, VertxTestContext test) {
    MqttClient client = client(vertx, "both", true);
    client.publishHandler(
        message -> {
          test.verify(
              () -> {
                assertThat(message.topicName()).isEqualTo(TOPIC);
                assertThat(message.qosLevel()).isEqualTo(MqttQoS.AT_LEAST_ONCE);
                assertThat(message.payload()).hasToString("{\"t\":1}");
              });
          test.completeNow();
        });
    client.subscribeCompletionHandler(
        subscribed -> publish(client, false).onFailure(test::failNow));
    connect(client).compose(ok -> client.subscribe("pws-packet/#", 1)).onFailure(test::failNow);
  }

  @Test
  @DisplayName("keeps a retained message for who subscribes later")
  void retained(Vertx vertx, VertxTestContext test) {
    MqttClient client = client(vertx, "late", true);
    client.publishHandler(
        message -> {
          test.verify(() -> assertThat(message.isRetain()).isTrue());
          test.completeNow();
        });
    client.publishCompletionHandler(
        acknowledged -> client.subscribe("pws-packet/#", 1).onFailure(test::failNow));
    connect(client).compose(ok -> publish(client, true)).onFailure(test::failNow);
  }

  @Test
  @DisplayName("queues for a persistent session while its client is away")
  void offlineQueue(Vertx vertx, VertxTestContext test) {
    MqttClient away = client(vertx, "edge", false);
    MqttClient publisher = client(vertx, "publisher", true);
    MqttClient back = client(vertx, "edge", false);
    back.publishHandler(message -> test.completeNow());
    publisher.publishCompletionHandler(acknowledged -> connect(back).onFailure(test::failNow));
    away.subscribeCompletionHandler(
        subscribed ->
            away.disconnect()
                .compose(gone -> connect(publisher))
                .compose(ok -> publish(publisher, false))
                .onFailure(test::failNow));
    connect(away).compose(ok -> away.subscribe("pws-packet/#", 1)).onFailure(test::failNow);
  }

  @Test
  @DisplayName("speaks MQTT over WebSocket on the same port when only one is asked for")
  void webSocket(Vertx vertx, VertxTestContext test) {
    assertThat(broker.webSocketPort()).isEqualTo(broker.port());
    webSocketConnect(vertx, test, broker.webSocketPort());
  }

  @Test
  @DisplayName("speaks MQTT over WebSocket on a port of its own when two are asked for")
  void secondPort(Vertx vertx, VertxTestContext test) throws Exception {
    int free = freePort();
    DemoBroker two = new DemoBroker(0, free);
    vertx
        .deployVerticle(two)
        .onFailure(test::failNow)
        .onSuccess(
            started -> {
              test.verify(() -> assertThat(two.port()).isNotZero().isNotEqualTo(free));
              webSocketConnect(vertx, test, free);
            });
  }

  @Test
  @DisplayName("is on every address of loopback, on one port")
  void everyAddress(Vertx vertx, VertxTestContext test) {
    List<Future<?>> connections = new ArrayList<>();
    for (String address : Loopback.addresses()) {
      connections.add(client(vertx, "at" + address, true).connect(broker.port(), address));
    }
    Future.all(connections).onComplete(test.succeedingThenComplete());
  }

  @Test
  @DisplayName("prefers another port to one that is taken on one address of loopback only")
  void preferring(Vertx vertx, VertxTestContext test) throws Exception {
    List<String> addresses = Loopback.addresses();
    String last = addresses.get(addresses.size() - 1);
    ServerSocket other = new ServerSocket(0, 1, NetUtil.createInetAddressFromIpAddressString(last));
    DemoBroker elsewhere = DemoBroker.preferring(other.getLocalPort(), freePort());
    vertx
        .deployVerticle(elsewhere)
        .eventually(() -> vertx.executeBlocking(() -> closed(other)))
        .onComplete(
            test.succeeding(
                started -> {
                  test.verify(
                      () ->
                          assertThat(elsewhere.port())
                              .isNotZero()
                              .isNotEqualTo(other.getLocalPort()));
                  test.completeNow();
                }));
  }

  private static Void closed(ServerSocket socket) throws IOException {
    socket.close();
    return null;
  }

  @Test
  @DisplayName("fails with the port and the cure when the port is taken")
  void portTaken(Vertx vertx, VertxTestContext test) {
    vertx
        .deployVerticle(new DemoBroker(broker.port(), broker.port()))
        .onComplete(
            test.failing(
                error -> {
                  test.verify(
                      () ->
                          assertThat(error)
                              .hasMessageContaining("port " + broker.port())
                              .hasMessageContaining("broker.port")
                              .hasMessageNotContaining("\n"));
                  test.completeNow();
                }));
  }

  private void webSocketConnect(Vertx vertx, VertxTestContext test, int port) {
    WebSocketClient client = vertx.createWebSocketClient();
    client
        .connect(
            new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/mqtt")
                .setSubProtocols(List.of("mqtt")))
        .onFailure(test::failNow)
        .onSuccess(
            socket -> {
              socket.handler(
                  answer -> {
                    test.verify(() -> assertThat(answer).isEqualTo(ACCEPTED));
                    client.close().onComplete(test.succeedingThenComplete());
                  });
              socket.writeBinaryMessage(CONNECT).onFailure(test::failNow);
            });
  }

  private static MqttClient client(Vertx vertx, String id, boolean cleanSession) {
    return MqttClient.create(
        vertx, new MqttClientOptions().setClientId(id).setCleanSession(cleanSession));
  }

  private Future<?> connect(MqttClient client) {
    return client.connect(broker.port(), "127.0.0.1");
  }

  private static Future<Integer> publish(MqttClient client, boolean retain) {
    return client.publish(TOPIC, Buffer.buffer("{\"t\":1}"), MqttQoS.AT_LEAST_ONCE, false, retain);
  }

  private static int freePort() throws Exception {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }
}
