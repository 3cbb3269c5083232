package io.spillway.uplink;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.ServerUrl;
import io.spillway.config.UplinkConfig;
import io.spillway.config.UplinkMode;
import io.spillway.kit.Certificates;
import io.spillway.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The dialer, which connects to a number,")
class DialerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir Path dir;
  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private Certificates certificates;
  private int port;

  @BeforeEach
  void open() {
    certificates = new Certificates(dir);
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .addWebSocketSubProtocol(Wire.SUBPROTOCOL)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(certificates.certificate().toString())
                    .setKeyPath(certificates.key().toString()));
    port =
        await(vertx.createHttpServer(options).webSocketHandler(this::accepted).listen(0, "0.0.0.0"))
            .actualPort();
  }

  private void accepted(ServerWebSocket socket) {
    asked.add(socket.headers().get("Host") + " " + socket.uri());
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  @DisplayName("asks for the host by its name, with its certificate")
  void name() throws InterruptedException {
    await(connect("localhost"));
    assertThat(asked.take()).isEqualTo("localhost:" + port + " /ws?a=b");
  }

  @Test
  @DisplayName("takes an address for a name where the host is one")
  void number() throws InterruptedException {
    await(connect("127.0.0.1"));
    assertThat(asked.take()).isEqualTo("127.0.0.1:" + port + " /ws?a=b");
  }

  @Test
  @DisplayName("wants a certificate for the name, whatever the number is")
  void otherName() {
    // The certificate is for localhost, 127.0.0.1 and ::1.
    assertThat(failure(connect("127.0.0.2"))).isInstanceOf(SSLException.class);
    assertThat(asked).isEmpty();
  }

  private Future<WebSocket> connect(String host) {
    UplinkConfig config =
        new UplinkConfig(
            new ServerUrl(URI.create("wss://" + host + ":" + port + "/ws?a=b"), null),
            null,
            UplinkMode.AUTO,
            SECOND,
            SECOND,
            SECOND,
            SECOND,
            SECOND,
            false,
            certificates.authority());
    Dialer dialer = new Dialer(vertx, config);
    return dialer.connect(dialer.client(vertx));
  }
}
