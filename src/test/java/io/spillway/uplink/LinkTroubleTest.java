package io.spillway.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.spillway.bus.FaultKind;
import io.spillway.config.ServerUrl;
import io.spillway.config.UplinkConfig;
import io.spillway.config.UplinkMode;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Trouble with the link")
class LinkTroubleTest {
  private final LinkTrouble trouble = new LinkTrouble(config("wss://hub.example.com/ws"));

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 504, 521, 522, 523, 530})
  @DisplayName("with a stale tunnel names the status and the cure")
  void tunnel(int status) {
    assertThat(trouble.explain(rejected(status)).words())
        .contains("HTTP " + status, "tunnel", "trycloudflare.com", "WS_HOST");
  }

  @ParameterizedTest
  @CsvSource({
    "401,INGEST_TOKEN",
    "403,INGEST_TOKEN",
    "404,/ws",
    "429,too many",
    "200,edge.uplink.url"
  })
  @DisplayName("that is an HTTP status says what to look at")
  void statuses(int status, String hint) {
    assertThat(trouble.explain(rejected(status)).words()).contains("HTTP " + status, hint);
  }

  @Test
  @DisplayName("that is a store's says what to do where the server names no kind that is known")
  void store() {
    assertThat(trouble.explainClose((short) 1013, "cannot store now: x: Is a directory").words())
        .endsWith("x: Is a directory; the server's log says more; nothing is lost meanwhile");
    assertThat(trouble.explainClose((short) 1013, "No space left on device").kind())
        .isEqualTo(FaultKind.DISK);
  }

  @Test
  @DisplayName("that is a frame too large is not that of a broken line")
  void unreadable() {
    assertThat(LinkTrouble.isUnreadable(new TooLongFrameException("max"))).isTrue();
    assertThat(LinkTrouble.isUnreadable(new IllegalStateException("max"))).isTrue();
    assertThat(LinkTrouble.isUnreadable(new IOException("Connection reset"))).isFalse();
    assertThat(LinkTrouble.isUnreadable(new DecoderException(new SSLHandshakeException("bad"))))
        .isFalse();
  }

  @Test
  @DisplayName("says of which kind it is")
  void kinds() {
    assertThat(trouble.explain(rejected(401)).kind()).isEqualTo(FaultKind.CREDENTIALS);
    assertThat(trouble.explain(rejected(502)).kind()).isEqualTo(FaultKind.PROXY);
    assertThat(trouble.explainClose((short) 1008, "").kind()).isEqualTo(FaultKind.CREDENTIALS);
    assertThat(trouble.explainClose((short) 1001, "").kind()).isEqualTo(FaultKind.STOPPING);
    assertThat(trouble.explainClose(null, "").kind()).isEqualTo(FaultKind.CUT);
  }

  @Test
  @DisplayName("that is a refused connection tells an address nobody has set from a wrong one")
  void refused() {
    Exception refused = new RuntimeException("x", new ConnectException("Connection refused"));
    assertThat(trouble.explain(refused).words())
        .contains("connection refused by hub.example.com:443", "is the server running")
        .doesNotContain("never set");
    assertThat(new LinkTrouble(config("ws://127.0.0.1:3006/ws")).explain(refused).words())
        .contains("connection refused by 127.0.0.1:3006", "never set", "WS_HOST", ".env");
  }

  @Test
  @DisplayName("that is an unknown host names it")
  void unknownHost() {
    assertThat(
            trouble
                .explain(new UnknownHostException("hub.example.com: nodename nor servname"))
                .words())
        .contains("hub.example.com", "edge.uplink.url");
  }

  @Test
  @DisplayName("that is a certificate says how to trust an authority of one's own")
  void certificate() {
    Exception error = new SSLHandshakeException("PKIX path building failed");
    assertThat(trouble.explain(error).words()).contains("TLS", "PKIX", "edge.uplink.caFile");
  }

  @Test
  @DisplayName("of any other kind gives the innermost reason")
  void other() {
    assertThat(
            trouble
                .explain(new RuntimeException("outer", new IllegalStateException("inner")))
                .words())
        .isEqualTo("hub.example.com:443: inner");
  }

  @Test
  @DisplayName("that is a cut without a close names 1006, network, proxy and tunnel")
  void cut() {
    for (Short code : new Short[] {null, 1006}) {
      assertThat(trouble.explainClose(code, null).words())
          .contains("1006", "network, proxy or tunnel", "5000 ms");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1001,stopping",
    "1008,check the token",
    "1009,over the server's limit",
    "1013,cannot store now",
    "4409,begin again",
    "1000,closed by the server",
    "4429,closed by the server"
  })
  @DisplayName("that is a close code gives the code, its meaning and the server's reason")
  void closes(short code, String meaning) {
    assertThat(trouble.explainClose(code, "because").words()).contains("(" + code + ")", meaning);
    if (code != 1001) {
      assertThat(trouble.explainClose(code, "because").words()).contains(": because");
    }
    assertThat(trouble.explainClose(code, "").words()).doesNotContain(": ;").contains(meaning);
  }

  private static UpgradeRejectedException rejected(int status) {
    return new UpgradeRejectedException(
        "WebSocket upgrade failure: " + status,
        status,
        MultiMap.caseInsensitiveMultiMap(),
        Buffer.buffer());
  }

  private static UplinkConfig config(String url) {
    return new UplinkConfig(
        new ServerUrl(URI.create(url), null),
        null,
        UplinkMode.AUTO,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(15),
        Duration.ofSeconds(2),
        Duration.ofSeconds(30),
        false,
        null);
  }
}
