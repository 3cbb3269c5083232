package io.spillway.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.config.LimitsConfig;
import io.spillway.server.auth.ConnectionLimiter.Ticket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Admission")
class ConnectionLimiterTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ConnectionLimiter limiter =
      new ConnectionLimiter(limits(5, 2), new ClientAddress(List.of()), registry);

  @Test
  @DisplayName("is refused beyond the limit of one address with 429, until one of its own goes")
  void perAddress() throws UnknownHostException {
    InetAddress one = address("192.0.2.1");
    Ticket first = limiter.enter(one);
    assertThat(limiter.refusal(one)).isEmpty();
    limiter.enter(one);

    assertThat(limiter.refusal(one))
        .contains(new Refusal(429, "address", "limit of 2 connections per address"));
    assertThat(limiter.refusal(address("192.0.2.2"))).isEmpty();
    first.leave();
    assertThat(limiter.refusal(one)).isEmpty();
  }

  @Test
  @DisplayName("is refused beyond the limit of all with 503, also to this machine")
  void inAll() throws UnknownHostException {
    for (int i = 1; i <= 5; i++) {
      limiter.enter(address("192.0.2." + i));
    }

    Refusal full = new Refusal(503, "total", "limit of 5 connections reached");
    assertThat(limiter.refusal(address("192.0.2.9"))).contains(full);
    assertThat(limiter.refusal(address("127.0.0.1"))).contains(full);
  }

  @Test
  @DisplayName("is not counted by address on this machine, or where there is none")
  void here() throws UnknownHostException {
    for (InetAddress client : new InetAddress[] {address("127.0.0.1"), address("::1"), null}) {
      limiter.limits(limits(100, 1));
      limiter.enter(client);
      limiter.enter(client);
      assertThat(limiter.refusal(client)).isEmpty();
    }
    assertThat(limiter.addresses()).isZero();
  }

  @Test
  @DisplayName("takes other limits at once, and leaves in who is in")
  void otherLimits() throws UnknownHostException {
    InetAddress one = address("192.0.2.1");
    limiter.enter(one);
    limiter.enter(one);

    limiter.limits(limits(5, 3));
    assertThat(limiter.refusal(one)).isEmpty();
    limiter.limits(limits(1, 3));
    assertThat(limiter.refusal(one)).map(Refusal::status).contains(503);
    assertThat(limiter.connections()).isEqualTo(2);
  }

  @Test
  @DisplayName("remembers no address without a connection, and counts a leave once")
  void bounded() throws UnknownHostException {
    List<Ticket> tickets = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      tickets.add(limiter.enter(address("10.0.0." + (i % 100))));
    }
    assertThat(limiter.addresses()).isEqualTo(100);
    assertThat(registry.get("spillway.connections").gauge().value()).isEqualTo(200);

    tickets.forEach(Ticket::leave);
    tickets.forEach(Ticket::leave);
    assertThat(limiter.connections()).isZero();
    assertThat(limiter.addresses()).isZero();
  }

  @Test
  @DisplayName("counts who does not get in, by cause")
  void counts() {
    limiter.refused("origin");
    limiter.refused("origin");
    assertThat(
            registry.get("spillway.connections.refused").tag("reason", "origin").counter().count())
        .isEqualTo(2);
  }

  private static LimitsConfig limits(int connections, int perAddress) {
    return new LimitsConfig(1_024, connections, perAddress, 0);
  }

  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }
}
