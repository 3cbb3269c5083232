package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The bounds of a number")
class BoundsTest {
  /** key, least, most, and a neighbour's value that makes both ends possible. */
  static final String TABLE =
      """
      edge.mqtt.qos,0,2,
      edge.mqtt.maxMessageBytes,64,4194304,
      edge.spool.maxBytes,8192,1099511627776,edge.spool.segmentBytes=4096
      edge.spool.segmentBytes,4096,1073741824,edge.spool.maxBytes=2147483648
      edge.spool.commitMs,0,1000,
      edge.batch.intervalMs,0,60000,
      edge.batch.maxRecords,1,10000,
      edge.batch.maxBytes,1024,16777216,
      edge.uplink.pingMs,100,600000,edge.uplink.pongTimeoutMs=1200000
      edge.uplink.pongTimeoutMs,200,1200000,edge.uplink.pingMs=100
      edge.uplink.ackTimeoutMs,100,600000,
      edge.uplink.reconnectMs,10,60000,edge.uplink.reconnectMaxMs=60000
      edge.uplink.reconnectMaxMs,10,3600000,edge.uplink.reconnectMs=10
      server.port,0,65535,
      server.stalledMs,1000,600000,
      server.journal.commitMs,0,1000,
      server.journal.segmentBytes,4096,10737418240,
      server.journal.segmentMinutes,1,10080,
      server.journal.keepDays,0,36500,
      server.journal.keepBytes,0,1125899906842624,
      server.live.pingMs,100,600000,server.live.idleMs=3600000
      server.live.idleMs,200,3600000,server.live.pingMs=100
      server.live.queueBytes,1024,1073741824,
      server.live.replays,1,1000,
      server.limits.maxMessageBytes,1024,8388608,
      server.limits.connections,1,1000000,
      server.limits.connectionsPerIp,1,1000000,
      server.limits.messagesPerSecondPerIp,0,0,
      server.mqtt.maxConnections,1,1000000,
      server.mqtt.maxPacketBytes,1024,8388608,
      server.mqtt.queueBytes,1024,16777216,
      server.mqtt.connectMs,100,60000,
      server.mqtt.pingMs,100,600000,server.mqtt.idleMs=3600000
      server.mqtt.idleMs,200,3600000,server.mqtt.pingMs=100
      server.mqtt.slowMs,100,600000,
      rabbitmq.prefetch,1,10000,
      rabbitmq.maxMessageBytes,1024,8388608,
      rabbitmq.heartbeatMs,1000,600000,
      rabbitmq.reconnectMs,10,60000,rabbitmq.reconnectMaxMs=60000
      rabbitmq.reconnectMaxMs,10,3600000,rabbitmq.reconnectMs=10
      iaq.holdMs,0,3600000,
      iaq.clearMs,0,3600000,
      iaq.repeatMs,0,86400000,
      iaq.sensors,1,100000,
      iaq.staleFactor,2,1000,
      iaq.staleMs,100,86400000,
      iaq.predictMs,0,86400000,
      iaq.saveMs,100,3600000,
      sinks.influx.batchRecords,1,10000,
      sinks.influx.batchBytes,1024,16777216,
      sinks.influx.lingerMs,0,10000,
      sinks.influx.catchUpPercent,1,100,
      sinks.influx.timeoutMs,1000,600000,
      sinks.postgres.batchRecords,1,10000,
      sinks.postgres.batchBytes,1024,16777216,
      sinks.postgres.lingerMs,0,10000,
      sinks.postgres.catchUpPercent,1,100,
      sinks.postgres.timeoutMs,1000,600000,
      sinks.postgres.queries,0,64,
      sinks.postgres.queryTimeoutMs,100,15000,
      broker.port,0,65535,
      broker.webSocketPort,0,65535,
      simulator.stations,1,1000,
      simulator.rooms,0,1000,
      simulator.everyMs,10,3600000,
      simulator.eventsMs,0,3600000,
      cluster.port,1,65535,
      """;

  @TempDir Path dir;

  @ParameterizedTest(name = "of {0} are {1} and {2}")
  @CsvSource(textBlock = TABLE)
  @DisplayName("are allowed themselves, and nothing beyond them")
  void bounds(String key, long least, long most, String neighbour) throws ConfigException {
    assertThat(with(key, least, neighbour).config()).isNotNull();
    assertThat(with(key, most, neighbour).config()).isNotNull();

    assertRefused(key, least - 1, neighbour);
    assertRefused(key, most + 1, neighbour);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(textBlock = TABLE)
  @DisplayName("hold for whole numbers only")
  void wrongTypes(String key) {
    for (Object value : new Object[] {"7", 1.5, true, new JsonObject()}) {
      assertThat(with(key, value, null).refusal()).startsWith(key + " (conf.json): is ");
    }
  }

  @Test
  @DisplayName("hold for numbers too long for any counter")
  void huge() {
    String refusal =
        new Setup(dir).conf("{'broker':{'port':123456789012345678901234567890}}").refusal();

    assertThat(refusal)
        .isEqualTo(
            "broker.port (conf.json): is 123456789012345678901234567890;"
                + " allowed: a whole number 0..65535");
  }

  @Test
  @DisplayName("keep null out where it has no meaning")
  void nothing() {
    assertThat(new Setup(dir).conf("{'broker':{'port':null}}").refusal())
        .isEqualTo("broker.port (conf.json): is null; allowed: a whole number 0..65535");
  }

  private void assertRefused(String key, long value, String neighbour) {
    assertThat(with(key, value, neighbour).refusal())
        .startsWith(key + " (conf.json): is " + value + "; allowed: ");
  }

  private Setup with(String key, Object value, String neighbour) {
    JsonObject root = new JsonObject(Setup.with(key, value));
    if (neighbour != null) {
      String[] pair = neighbour.split("=", -1);
      Setup.put(root, pair[0], Long.valueOf(pair[1]));
    }
    return new Setup(dir).conf(root.encode());
  }
}
