package io.spillway.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.Subnet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A client's address")
class ClientAddressTest {
  @ParameterizedTest(name = "from {1}, trusted {0}, forwarded for {2}, is {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # nobody is trusted: the header is the client's own invention
          ''                   | 192.0.2.7 | ''                           | 192.0.2.7
          ''                   | 192.0.2.7 | 198.51.100.1                 | 192.0.2.7
          ''                   | 127.0.0.1 | 198.51.100.1                 | 127.0.0.1
          10.0.0.0/8           | 192.0.2.7 | 198.51.100.1                 | 192.0.2.7
          # one proxy
          127.0.0.1            | 127.0.0.1 | ''                           | 127.0.0.1
          127.0.0.1            | 127.0.0.1 | 198.51.100.1                 | 198.51.100.1
          127.0.0.1            | 127.0.0.1 | 127.0.0.1                    | 127.0.0.1
          127.0.0.1            | 127.0.0.1 | 127.0.0.2                    | 127.0.0.2
          0.0.0.0/0            | 192.0.2.7 | 198.51.100.1                 | 198.51.100.1
          # what the client wrote is left of what the proxy appended
          127.0.0.1            | 127.0.0.1 | 203.0.113.9, 198.51.100.1    | 198.51.100.1
          127.0.0.1            | 127.0.0.1 | 127.0.0.1, 198.51.100.1      | 198.51.100.1
          127.0.0.1            | 127.0.0.1 | x; y, 198.51.100.1           | 198.51.100.1
          # a chain of proxies
          127.0.0.1 10.0.0.0/8 | 127.0.0.1 | 203.0.113.9, 10.1.2.3        | 203.0.113.9
          127.0.0.1 10.0.0.0/8 | 127.0.0.1 | 9.9.9.9,203.0.113.9,10.1.2.3 | 203.0.113.9
          127.0.0.1 10.0.0.0/8 | 127.0.0.1 | 10.9.9.9, 10.1.2.3           | 10.9.9.9
          # several headers are one list
          127.0.0.1 10.0.0.0/8 | 127.0.0.1 | 203.0.113.9 / 10.1.2.3       | 203.0.113.9
          127.0.0.1            | 127.0.0.1 | 203.0.113.9 / 10.1.2.3       | 10.1.2.3
          # nonsense ends the walk at the last good one
          127.0.0.1            | 127.0.0.1 | unknown                      | 127.0.0.1
          127.0.0.1            | 127.0.0.1 | localhost                    | 127.0.0.1
          127.0.0.1            | 127.0.0.1 | 198.51.100.1,                | 127.0.0.1
          127.0.0.1 10.0.0.0/8 | 127.0.0.1 | 1.2.3.4, oops, 10.1.2.3      | 10.1.2.3
          127.0.0.1            | 127.0.0.1 | 1.2.3                        | 127.0.0.1
          127.0.0.1            | 127.0.0.1 | 1.2.3.4:99999999             | 127.0.0.1
          127.0.0.1            | 127.0.0.1 | [::1                         | 127.0.0.1
          # ports and brackets
          127.0.0.1            | 127.0.0.1 | 198.51.100.1:4711            | 198.51.100.1
          127.0.0.1            | 127.0.0.1 | [2001:db8::7]:4711           | 2001:db8::7
          127.0.0.1            | 127.0.0.1 | [2001:db8::7]                | 2001:db8::7
          127.0.0.1            | 127.0.0.1 | 2001:db8::7                  | 2001:db8::7
          # IPv6
          ::1                  | ::1       | 2001:db8::7                  | 2001:db8::7
          2001:db8::/32        | 2001:db8::1 | 198.51.100.1               | 198.51.100.1
          127.0.0.1            | ::1       | 198.51.100.1                 | ::1
          127.0.0.1            | ::ffff:127.0.0.1 | 198.51.100.1          | 198.51.100.1
          """)
  void table(String trusted, String peer, String forwarded, String client)
      throws UnknownHostException {
    List<String> headers = forwarded.isEmpty() ? List.of() : List.of(forwarded.split(" / ", -1));

    assertThat(addresses(trusted).of(InetAddress.getByName(peer), headers))
        .isEqualTo(InetAddress.getByName(client));
  }

  @Test
  @DisplayName("is unknown where the connection has none, whatever is forwarded")
  void none() throws UnknownHostException {
    assertThat(addresses("0.0.0.0/0").of(null, List.of("198.51.100.1"))).isNull();
  }

  private static ClientAddress addresses(String trusted) throws UnknownHostException {
    List<Subnet> subnets = new ArrayList<>();
    for (String one : trusted.isEmpty() ? new String[0] : trusted.split(" ", -1)) {
      String[] parts = one.split("/", -1);
      InetAddress address = InetAddress.getByName(parts[0]);
      int bits = address.getAddress().length * Byte.SIZE;
      subnets.add(new Subnet(address, parts.length == 1 ? bits : Integer.parseInt(parts[1])));
    }
    return new ClientAddress(subnets);
  }
}
