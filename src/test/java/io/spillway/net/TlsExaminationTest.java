package io.spillway.net;

import static io.spillway.kit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import io.spillway.kit.Certificates;
import io.spillway.retry.NetworkFault;
import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("TLS that is looked at")
@ExtendWith(VertxExtension.class)
class TlsExaminationTest {
  private static final long DAY_MS = 86_400_000;

  @TempDir Path dir;

  @Test
  @DisplayName("is well as long as the certificate is, and to be looked at two weeks before")
  void expiry() {
    long nowMs = 1_780_000_000_000L;
    assertThat(TlsExamination.judge("tls", "TLSv1.3", nowMs + 15 * DAY_MS, nowMs).result())
        .isEqualTo(Result.OK);
    HopFinding soon = TlsExamination.judge("tls", "TLSv1.3", nowMs + 3 * DAY_MS + 1, nowMs);
    assertThat(soon.result()).isEqualTo(Result.NOTICE);
    assertThat(soon.words()).contains("TLSv1.3", "in 3 days");
    HopFinding past = TlsExamination.judge("tls", "TLSv1.3", nowMs - DAY_MS, nowMs);
    assertThat(past.result()).isEqualTo(Result.NOTICE);
    assertThat(past.words()).contains("which is past");
  }

  @Test
  @DisplayName("is told with its protocol and its end, or with the key for another authority")
  void handshake(Vertx vertx) {
    Certificates certificates = new Certificates(dir);
    int port = listen(vertx, certificates);
    NetClientOptions trusting = options();
    trusting.setTrustOptions(
        new PemTrustOptions().addCertPath(certificates.authority().toString()));
    HopFinding seen = look(vertx, port, trusting);
    assertThat(seen.hop()).isEqualTo("server TLS");
    assertThat(seen.words()).contains("TLSv1.", "in 1 day"); // that of the tests is for two days

    HopFinding unknown = look(vertx, port, options());
    assertThat(unknown.result()).isEqualTo(Result.FAILED);
    assertThat(unknown.cure()).contains("caFile");
  }

  private static HopFinding look(Vertx vertx, int port, NetClientOptions options) {
    TlsExamination tls =
        new TlsExamination(
            vertx,
            "server",
            "localhost",
            port,
            options,
            error -> NetworkFault.explain(error, "localhost:1", "", "url", "caFile"),
            TimeSource.SYSTEM);
    return await(tls.look());
  }

  private static NetClientOptions options() {
    return new NetClientOptions().setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
  }

  private static int listen(Vertx vertx, Certificates certificates) {
    NetServerOptions options =
        new NetServerOptions()
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(certificates.certificate().toString())
                    .setKeyPath(certificates.key().toString()));
    return await(vertx.createNetServer(options).connectHandler(socket -> {}).listen(0, "127.0.0.1"))
        .actualPort();
  }
}
