package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The [CFG] lines")
class SummaryTest {
  @TempDir Path dir;

  @Test
  @DisplayName("show what is really used and where it came from")
  void lines() throws ConfigException {
    List<String> summary =
        new Setup(dir)
            .dotEnv(
                "BROKER_URL=mqtt://192.168.1.51:1883",
                "TOPIC=\"pws-packet/#\"",
                "WS_HOST=wss://x.trycloudflare.com/ws",
                "INGEST_TOKEN=change-me")
            .load()
            .summary();

    assertThat(summary)
        .containsExactly(
            "[CFG] sources conf=defaults .env=read",
            "[CFG] edge name=-",
            "[CFG] edge.mqtt url=mqtt://192.168.1.51:1883 topics=[pws-packet/#] qos=1 clientId=-"
                + " username=- password=- maxMessageBytes=262144 scalars=reject caFile=-"
                + " from BROKER_URL in .env, TOPIC in .env",
            "[CFG] edge.spool dir=spool maxBytes=1073741824 segmentBytes=8388608 commitMs=5"
                + " whenFull=block",
            "[CFG] edge.batch intervalMs=500 maxRecords=100 maxBytes=262144",
            "[CFG] edge.uplink url=wss://x.trycloudflare.com/ws token=*** mode=auto pingMs=5000"
                + " pongTimeoutMs=10000 ackTimeoutMs=15000 reconnectMs=2000 reconnectMaxMs=30000"
                + " compress=false caFile=- from WS_HOST in .env, INGEST_TOKEN in .env",
            "[CFG] log level=info format=text");
  }

  @Test
  @DisplayName("cover every role of the demo")
  void demo() throws ConfigException {
    assertThat(new Setup(dir).load().summary())
        .extracting(line -> line.split(" ", 3)[1])
        .containsExactly(
            "sources",
            "edge",
            "edge.mqtt",
            "edge.spool",
            "edge.batch",
            "edge.uplink",
            "server",
            "server.journal",
            "server.live",
            "server.limits",
            "server.mqtt",
            "server.pages",
            "server.pages.vote",
            "server.pages.chat",
            "iaq",
            "iaq.co2",
            "iaq.pm25",
            "iaq.tvoc",
            "iaq.temperature",
            "iaq.humidity",
            "broker",
            "simulator",
            "log");
  }
}
