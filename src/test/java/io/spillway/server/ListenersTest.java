package io.spillway.server;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.failure;
import static io.spillway.kit.Await.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import io.spillway.kit.FreePort;
import io.spillway.net.Loopback;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The server's port")
class ListenersTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private final Listeners listeners =
      new Listeners(() -> vertx.createHttpServer().requestHandler(request -> request.end()));

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("is the same on every address of loopback, and free again afterwards")
  @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
  void loopback(String host) {
    int port = await(listeners.listen(host, 0));
    for (String address : Loopback.addresses()) {
      assertThatCode(() -> connect(address, port)).as(address).doesNotThrowAnyException();
    }
    await(listeners.close());
    for (String address : Loopback.addresses()) {
      until("port is free", SOON, () -> isFree(address, port)); // a moment after Vert.x says so
    }
  }

  private static boolean isFree(String address, int port) throws IOException {
    try {
      connect(address, port);
      return false;
    } catch (ConnectException refused) {
      return true;
    }
  }

  @Test
  @DisplayName("is everywhere, IPv4 and IPv6, for 0.0.0.0")
  void everywhere() {
    int port = await(listeners.listen("0.0.0.0", 0));
    for (String address : Loopback.addresses()) {
      assertThatCode(() -> connect(address, port)).as(address).doesNotThrowAnyException();
    }
  }

  @Test
  @DisplayName("is nowhere if it is taken on one address, and the fault names address and cure")
  void taken() throws IOException {
    List<String> addresses = Loopback.addresses();
    String last = addresses.get(addresses.size() - 1);
    try (ServerSocket taken = new ServerSocket(FreePort.next(), 1, address(last))) {
      int port = taken.getLocalPort();
      assertThat(failure(listeners.listen("127.0.0.1", port)))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("cannot listen on " + Listeners.authority(last, port))
          .hasMessageContaining("set server.port (WS_PORT, PORT) to a free port");
      for (String address : addresses.subList(0, addresses.size() - 1)) {
        assertThatThrownBy(() -> connect(address, port)).isInstanceOf(ConnectException.class);
      }
    }
  }

  @Test
  @DisplayName("is not on an address of another machine: the fault names server.host")
  void elsewhere() {
    assertThat(failure(listeners.listen("203.0.113.1", 0))) // RFC 5737: nobody's
        .hasMessage(
            "server.host: cannot listen on 203.0.113.1:0: this machine has no such address; set"
                + " server.host to an address of this machine, or to 0.0.0.0 for all of them");
  }

  private static void connect(String address, int port) throws IOException {
    new Socket(address(address), port).close();
  }

  private static InetAddress address(String text) {
    return NetUtil.createInetAddressFromIpAddressString(text);
  }
}
