package io.spillway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import io.spillway.bus.Fault;
import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import io.spillway.retry.NetworkFault;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What came of a host's addresses")
class AddressReportTest {
  private static final InetAddress IPV4 = address("192.0.2.7");
  private static final InetAddress IPV6 = address("2001:db8::7");

  @Test
  @DisplayName("is all well where each connects")
  void allConnect() {
    AddressReport report = report(IPV4, IPV6);
    report.connected(IPV4, 2);
    report.connected(IPV6, 3);
    assertThat(report.finding())
        .isEqualTo(HopFinding.ok("port", "192.0.2.7:1883 in 2 ms, [2001:db8::7]:1883 in 3 ms"));
  }

  @Test
  @DisplayName("is well where one refuses at once: it costs nothing")
  void oneRefuses() {
    AddressReport report = report(IPV4, IPV6);
    report.failed(IPV6, new ConnectException("no"), 1);
    report.connected(IPV4, 2);
    assertThat(report.finding())
        .isEqualTo(HopFinding.ok("port", "[2001:db8::7]:1883 refuses, 192.0.2.7:1883 in 2 ms"));
  }

  @Test
  @DisplayName("is to be looked at where one does not answer: each connection may wait for that")
  void oneIsSilent() {
    AddressReport report = report(IPV4, IPV6);
    report.connected(IPV4, 2);
    report.failed(IPV6, new ConnectTimeoutException("late"), 5_000);
    HopFinding found = report.finding();
    assertThat(found.result()).isEqualTo(Result.NOTICE);
    assertThat(found.words()).contains("[2001:db8::7]:1883 does not answer within 5.0 s");
    assertThat(found.cure()).contains("take it out of the name");
  }

  @Test
  @DisplayName("has failed where none connects, with the cure of the most telling fault")
  void none() {
    AddressReport report = report(IPV4, IPV6);
    report.failed(IPV6, new UnknownHostException("no way"), 1);
    report.failed(IPV4, new ConnectException("no"), 1);
    HopFinding found = report.finding();
    assertThat(found.result()).isEqualTo(Result.FAILED);
    assertThat(found.words()).contains("192.0.2.7:1883 refuses", "[2001:db8::7]:1883 cannot");
    assertThat(found.cure()).isEqualTo("is it running?");
  }

  @Test
  @DisplayName("says so where there was none but IPv6")
  void onlyIpv6() {
    AddressReport report = report(IPV6);
    report.failed(IPV6, new ConnectException("no"), 1);
    assertThat(report.finding().cure())
        .isEqualTo("is it running? (only IPv6 was tried: does it listen there?)");
  }

  @Test
  @DisplayName("names the addresses of both families, or says that there are none of one")
  void named() {
    assertThat(AddressReport.named("name", "broker", List.of(IPV4)).words())
        .isEqualTo("broker: A 192.0.2.7, no AAAA");
    assertThat(AddressReport.named("name", "broker", List.of(IPV6, IPV4)).words())
        .isEqualTo("broker: A 192.0.2.7, AAAA 2001:db8::7");
    assertThat(AddressReport.named("name", "192.0.2.7", List.of(IPV4)).words())
        .contains("is an address");
  }

  private static AddressReport report(InetAddress... addresses) {
    return new AddressReport("port", List.of(addresses), 1883, AddressReportTest::explain);
  }

  private static Fault explain(Throwable error) {
    return NetworkFault.explain(error, "broker:1883", "; is it running?", "url", "caFile");
  }

  private static InetAddress address(String number) {
    try {
      return InetAddress.getByName(number);
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
