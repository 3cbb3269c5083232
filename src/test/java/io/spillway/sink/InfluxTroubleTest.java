package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.spillway.sink.Destination.Refused;
import io.vertx.core.VertxException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What InfluxDB answers")
class InfluxTroubleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | unable to parse 'a b': missing fields
          400 | partial write: points beyond retention policy dropped=1
          422 | data in measurement outside retention policy
          """)
  @DisplayName("is of the points where InfluxDB says so")
  void ofPoints(int status, String reason) {
    assertThat(refused(status, reason, false).cure()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | Client sent an HTTP request to an HTTPS server.                | see what answers so at sinks.influx.url
          400 | unable to parse authentication credentials                    | see what answers so at sinks.influx.url
          400 | partial write: max-values-per-tag limit exceeded (9/9)        | see what answers so at sinks.influx.url
          413 | Request Entity Too Large                                      | raise the limit of a request's size there
          400 | partial write: field type conflict: input field "v" on "m" is | drop or change the type of field v there
          """)
  @DisplayName("may be of everything in all other words, and is found out")
  void ofAll(int status, String reason, String cure) {
    assertThat(refused(status, reason, false).cure()).isEqualTo(cure);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422})
  @DisplayName("may be of everything if it has no end, whatever it begins with")
  void endless(int status) {
    assertThat(refused(status, "unable to parse 'a b'", true).cure()).isNotNull();
  }

  @Test
  @DisplayName("may be for one record, or of everything, where it is no HTTP that can be read")
  void unreadable() {
    Throwable control = new IllegalArgumentException("a header value contains …");
    assertThat(InfluxTrouble.isUnreadable(control)).isTrue();
    assertThat(InfluxTrouble.isUnreadable(new TooLongFrameException("4096"))).isTrue();
    assertThat(InfluxTrouble.isUnreadable(new DecoderException(new SSLException("no")))).isFalse();
    assertThat(InfluxTrouble.isUnreadable(new VertxException("Connection was closed"))).isFalse();
    assertThat(InfluxTrouble.unreadable().cure()).contains("sinks.influx.url");
    assertThat(InfluxTrouble.unreadable().isOfSize()).isFalse();
  }

  private static Refused refused(int status, String reason, boolean cut) {
    return (Refused) InfluxTrouble.of(status, reason, cut);
  }
}
