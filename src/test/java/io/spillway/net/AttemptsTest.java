package io.spillway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import io.netty.util.NetUtil;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The attempts at the addresses of a name")
class AttemptsTest {
  @ParameterizedTest(name = "{0} are tried as {1}")
  @DisplayName("let the two families take turns, beginning with the system's choice")
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "::1 127.0.0.1, ::1 127.0.0.1",
    "127.0.0.1 ::1, 127.0.0.1 ::1",
    "10.0.0.1 10.0.0.2 10.0.0.3 fd00::1, 10.0.0.1 fd00::1 10.0.0.2 10.0.0.3",
    "fd00::1 fd00::2 10.0.0.1 10.0.0.2, fd00::1 10.0.0.1 fd00::2 10.0.0.2",
  })
  void order(String resolved, String tried) {
    assertThat(all(new Attempts(addresses(resolved), null))).isEqualTo(addresses(tried));
  }

  @ParameterizedTest(name = "{0}, last {1}: {2}")
  @DisplayName("begin where it worked the last time, if that is still an address of the name")
  @CsvSource({
    "127.0.0.1 ::1, ::1, ::1 127.0.0.1",
    "127.0.0.1 ::1, 10.0.0.9, 127.0.0.1 ::1",
  })
  void sticky(String resolved, String last, String tried) {
    Attempts attempts = new Attempts(addresses(resolved), addresses(last).get(0));
    assertThat(all(attempts)).isEqualTo(addresses(tried));
  }

  @Test
  @DisplayName("tell the first of equal faults")
  void first() {
    Exception first = new ConnectException("Connection refused: 127.0.0.1");
    assertThat(told(first, new ConnectException("Connection refused: ::1"))).isSameAs(first);
  }

  @Test
  @DisplayName("tell of a certificate, not of who refuses elsewhere")
  void certificate() {
    Exception certificate = new SSLHandshakeException("unable to find valid certification path");
    Exception refused = new ConnectException("Connection refused");
    assertThat(told(certificate, refused)).isSameAs(certificate);
    assertThat(told(refused, certificate)).isSameAs(certificate);
  }

  @Test
  @DisplayName("tell the fault that came nearest: an answer, a refusal, silence, no way")
  void nearest() {
    Exception noRoute = new NoRouteToHostException("No route to host");
    Exception noFamily = new SocketException("Network is unreachable");
    Exception silence = new ConnectTimeoutException("connection timed out");
    Exception refused = new ConnectException("Connection refused");
    Exception cut = new IllegalStateException(new SocketException("Connection reset"));
    assertThat(told(noRoute, noFamily, silence, refused, cut)).isSameAs(cut);
    assertThat(told(refused, silence, noRoute)).isSameAs(refused);
    assertThat(told(noFamily, silence)).isSameAs(silence);
    assertThat(told(noRoute, noFamily)).isSameAs(noRoute);
  }

  private static Throwable told(Throwable... faults) {
    Attempts attempts = new Attempts(addresses("127.0.0.1"), null);
    for (Throwable fault : faults) {
      attempts.failed(fault);
    }
    return attempts.fault();
  }

  private static List<InetAddress> all(Attempts attempts) {
    List<InetAddress> all = new ArrayList<>();
    while (attempts.hasNext()) {
      all.add(attempts.next());
    }
    return all;
  }

  private static List<InetAddress> addresses(String texts) {
    return Arrays.stream(texts.split(" ", -1)).map(AttemptsTest::address).toList();
  }

  private static InetAddress address(String text) {
    return NetUtil.createInetAddressFromIpAddressString(text);
  }
}
