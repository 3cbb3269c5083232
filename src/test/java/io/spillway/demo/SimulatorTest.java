package io.spillway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.spillway.config.SimulatorConfig;
import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.Checkpoint;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("The simulator")
@ExtendWith(VertxExtension.class)
class SimulatorTest {
  private static final Duration OFTEN = Duration.ofMillis(10);
  private static final SimulatorConfig TWO_STATIONS =
      new SimulatorConfig(2, 0, OFTEN, Duration.ZERO);

  @Test
  @DisplayName("publishes every kind of every station at QoS 1, as JSON, on its own topic")
  void publishes(Vertx vertx, VertxTestContext test) {
    Set<String> topics = ConcurrentHashMap.newKeySet();
    serve(
        vertx,
        test,
        endpoint ->
            endpoint
                .publishHandler(
                    message -> {
                      test.verify(() -> check(message));
                      endpoint.publishAcknowledge(message.messageId());
                      topics.add(message.topicName());
                      if (topics.size() == 6) {
                        test.verify(() -> assertThat(topics).contains("pws-packet/station-2/rain"));
                        test.completeNow();
                      }
                    })
                .accept(false));
  }

  @Test
  @DisplayName("connects again when the broker has closed the connection")
  void reconnects(Vertx vertx, VertxTestContext test) {
    Checkpoint connections = test.checkpoint(2);
    serve(
        vertx,
        test,
        endpoint -> {
          connections.flag();
          endpoint.publishHandler(message -> endpoint.close()).accept(false);
        });
  }

  @Test
  @DisplayName("skips ticks while more than ten of them are unacknowledged")
  void bounded(Vertx vertx, VertxTestContext test) {
    int[] seen = {0};
    serve(
        vertx,
        test,
        endpoint ->
            endpoint
                .publishHandler(
                    message -> {
                      seen[0]++;
                      if (seen[0] == 66) {
                        vertx.setTimer(
                            20 * OFTEN.toMillis(),
                            later -> {
                              test.verify(() -> assertThat(seen[0]).isEqualTo(66));
                              test.completeNow();
                            });
                      }
                    })
                .accept(false));
  }

  private static void serve(Vertx vertx, VertxTestContext test, Consumer<MqttEndpoint> broker) {
    MqttServer.create(vertx)
        .endpointHandler(broker::accept)
        .listen(0, "127.0.0.1")
        .compose(
            server ->
                vertx.deployVerticle(
                    new Simulator(
                        "127.0.0.1", server.actualPort(), TWO_STATIONS, TimeSource.SYSTEM)))
        .onFailure(test::failNow);
  }

  private static void check(MqttPublishMessage message) {
    JsonObject packet = message.payload().toJsonObject();
    assertThat(message.qosLevel()).isEqualTo(MqttQoS.AT_LEAST_ONCE);
    assertThat(message.topicName())
        .isEqualTo("pws-packet/" + packet.getString("station") + "/" + packet.getString("kind"));
  }
}
