package io.spillway.net;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.util.NetUtil;
import io.spillway.kit.Certificates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The addresses of a host")
class AddressesTest {
  private static final String NAME = "localhost";

  private final Vertx vertx = Vertx.vertx();
  private final List<String> tried = new ArrayList<>();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @ParameterizedTest(name = "{0}, with a listener on {1}")
  @DisplayName("are tried until somebody listens, whichever it is")
  @CsvSource({
    "127.0.0.1 ::1, ::1",
    "127.0.0.1 ::1, 127.0.0.1",
    "::1 127.0.0.1, 127.0.0.1",
    "127.0.0.2 127.0.0.3 127.0.0.1, 127.0.0.1",
  })
  void oneListens(String known, String listening) {
    assumeThat(Loopback.addresses()).contains(known.contains("::1") ? "::1" : "127.0.0.1");
    int port = listen(listening, new NetServerOptions());
    NetSocket socket = await(named(known).connect(vertx.createNetClient(), port));
    assertThat(socket.remoteAddress().host()).isEqualTo(NAME);
  }

  @Test
  @DisplayName("fail with what the first has said if nobody listens on any")
  void nobody() {
    Addresses addresses = named("127.0.0.2 127.0.0.3");
    Throwable fault = failure(addresses.connect(this::refused));
    assertThat(fault).isInstanceOf(ConnectException.class).hasMessage("no to 127.0.0.2");
    assertThat(tried).containsExactly("127.0.0.2", "127.0.0.3");
  }

  @Test
  @DisplayName("are not tried further once the other side has answered, be it no")
  void answered() {
    Addresses addresses =
        new Addresses(
            vertx, NAME, fault -> fault instanceof ConnectException, lookup("127.0.0.2 127.0.0.3"));
    failure(addresses.connect(this::refused));
    assertThat(tried).containsExactly("127.0.0.2");
  }

  @Test
  @DisplayName("begin next time with the one that has worked")
  void sticky() {
    Addresses addresses = named("127.0.0.2 127.0.0.3");
    for (int times = 0; times < 2; times++) {
      await(
          addresses.connect(
              address ->
                  address.getHostAddress().endsWith("3")
                      ? Future.succeededFuture(tried.add("127.0.0.3"))
                      : refused(address)));
    }
    assertThat(tried).containsExactly("127.0.0.2", "127.0.0.3", "127.0.0.3");
  }

  @Test
  @DisplayName("are those of the name for a certificate, and its fault is not hidden")
  void certificate(@TempDir Path dir) {
    Certificates certificates = new Certificates(dir);
    int port =
        listen(
            "127.0.0.1",
            new NetServerOptions()
                .setSsl(true)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .setCertPath(certificates.certificate().toString())
                        .setKeyPath(certificates.key().toString())));
    NetClientOptions tls =
        new NetClientOptions().setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
    NetClient trusting =
        vertx.createNetClient(
            new NetClientOptions(tls)
                .setTrustOptions(
                    new PemTrustOptions().addCertPath(certificates.authority().toString())));

    await(named("127.0.0.2 127.0.0.1").connect(trusting, port));
    for (String order : List.of("127.0.0.2 127.0.0.1", "127.0.0.1 127.0.0.2")) {
      Throwable fault = failure(named(order).connect(vertx.createNetClient(tls), port));
      assertThat(fault).as(order).isInstanceOf(SSLException.class);
    }
  }

  @Test
  @DisplayName("are none for a name that nobody knows")
  void unknown() {
    Addresses addresses =
        new Addresses(
            vertx,
            "nowhere.invalid",
            fault -> false,
            host -> {
              throw new UnknownHostException(host);
            });
    assertThat(failure(addresses.connect(this::refused))).isInstanceOf(UnknownHostException.class);
    assertThat(tried).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("are not looked up for an address")
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void literal(String host) {
    Addresses addresses =
        new Addresses(
            vertx,
            host,
            fault -> false,
            name -> {
              throw new AssertionError("looked up " + name);
            });
    assertThat(await(addresses.all())).containsExactly(address(host));
  }

  private Addresses named(String known) {
    return new Addresses(vertx, NAME, fault -> false, lookup(known));
  }

  /** As the system does it: addresses that carry the name. */
  private static Addresses.Lookup lookup(String known) {
    return name -> {
      List<InetAddress> addresses = new ArrayList<>();
      for (String text : known.split(" ", -1)) {
        addresses.add(InetAddress.getByAddress(name, address(text).getAddress()));
      }
      return addresses;
    };
  }

  private Future<Boolean> refused(InetAddress address) {
    tried.add(address.getHostAddress());
    return Future.failedFuture(new ConnectException("no to " + address.getHostAddress()));
  }

  private int listen(String host, NetServerOptions options) {
    return await(vertx.createNetServer(options).connectHandler(NetSocket::pause).listen(0, host))
        .actualPort();
  }

  private static InetAddress address(String text) {
    return NetUtil.createInetAddressFromIpAddressString(text);
  }
}
