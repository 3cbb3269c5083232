package io.spillway.source;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.BrokerUrl;
import io.spillway.config.MqttConfig;
import io.spillway.config.Scalars;
import io.spillway.net.Addresses;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A connection to a broker")
@ExtendWith(VertxExtension.class)
class NettyBrokerConnectionTest {
  @Test
  @DisplayName("that ends before it has a timer cancels nobody else's")
  void timerOfAnother(Vertx vertx) {
    long first = vertx.setTimer(3_600_000, late -> {});
    assertThat(first).as("the number of the first timer of all").isZero();
    NetServer broker =
        await(vertx.createNetServer().connectHandler(socket -> {}).listen(0, "127.0.0.1"));
    NettyBrokerConnection connection =
        new NettyBrokerConnection(
            vertx,
            config(broker.actualPort()),
            "pi",
            false,
            null,
            new SilenceWatch(),
            TimeSource.SYSTEM);
    Addresses addresses = new Addresses(vertx, "127.0.0.1");
    Future<Boolean> opened =
        Future.future(
            done ->
                vertx.runOnContext(
                    on ->
                        connection
                            .open(
                                vertx.createNetClient(),
                                addresses,
                                () -> Future.failedFuture("not ready"))
                            .onComplete(done)));
    assertThat(failure(opened)).hasMessageContaining("not ready");
    assertThat(vertx.cancelTimer(first)).isTrue();
  }

  private static MqttConfig config(int port) {
    return new MqttConfig(
        new BrokerUrl("127.0.0.1", port, false, null, null),
        List.of("#"),
        1,
        null,
        null,
        null,
        1_000,
        Scalars.REJECT,
        null);
  }
}
