package io.spillway.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A connection that does not come about")
class NetworkFaultTest {
  @Test
  @DisplayName("is told in own words where the certificate is not taken, with the cure")
  void certificates() {
    assertThat(tls(new CertificateExpiredException("NotAfter: Sun Jun 01")))
        .isEqualTo(
            "TLS with h:1: its certificate has expired; have it renewed there, or set this clock if"
                + " it is wrong");
    assertThat(tls(new CertificateNotYetValidException("NotBefore: Sun Jun 01")))
        .contains("not valid yet; set this clock");
    assertThat(tls(new CertPathBuilderException("unable to find valid certification path")))
        .endsWith(
            "of no authority that is trusted here; for a certificate of your own authority"
                + " set ca");
    assertThat(tls(new CertificateException("No name matching h found")))
        .endsWith("its certificate is for another name; put one that it is for into url");
    assertThat(tls(new CertificateException("No subject alternative names present")))
        .contains("for another name");
  }

  @Test
  @DisplayName("never says null, though the JDK does where the peer ends the handshake")
  void endedHandshake() {
    assertThat(tls(new ClosedChannelException()))
        .isEqualTo(
            "TLS with h:1: it closed the connection during the handshake; does it speak TLS? check"
                + " url");
    assertThat(explain(new SSLHandshakeException(null)).words()).doesNotContain("null");
  }

  @Test
  @DisplayName("is told in own words where there is no route, or no answer to the end")
  void cut() {
    for (Exception error :
        List.of(
            new NoRouteToHostException("No route to host: /h:1"),
            new SocketException("Network is unreachable"))) {
      assertThat(explain(error))
          .isEqualTo(new Fault(FaultKind.CUT, "no route to h:1; is the network up? check url"));
    }
    for (Exception error :
        List.of(
            new SocketException("Connection reset"),
            new VertxException("Connection was closed", true),
            new IOException("Connection closed while handshake in process"))) {
      assertThat(explain(error))
          .isEqualTo(
              new Fault(FaultKind.CUT, "h:1 closed the connection before it answered; check url"));
    }
  }

  private static String tls(Exception cause) {
    SSLHandshakeException error = new SSLHandshakeException("General SSLEngine problem");
    error.initCause(cause);
    Fault fault = explain(error);
    assertThat(fault.kind()).isEqualTo(FaultKind.TLS);
    return fault.words();
  }

  private static Fault explain(Throwable error) {
    return NetworkFault.explain(error, "h:1", "", "url", "ca");
  }
}
