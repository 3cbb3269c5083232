package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A change of the settings")
class ReloadTest {
  private static final String SERVER = "'server':{'host':'127.0.0.1'},";

  @TempDir Path dir;

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      textBlock =
          """
          'iaq':{} ~ 'iaq':{'co2':{'warning':900}} ~ iaq.co2.warning
          'iaq':{} ~ 'iaq':{'holdMs':1} ~ iaq.holdMs
          'iaq':{} ~ 'iaq':null ~ iaq
          'sinks':{} ~ 'sinks':{'postgres':{}} ~ sinks.postgres
          'sinks':{'postgres':{}} ~ 'sinks':{'postgres':{'batchRecords':5}} ~ sinks.postgres.batchRecords
          'sinks':{'postgres':{}} ~ 'sinks':{'postgres':{'columns':[{'name':'a','path':'a'}]}} ~ sinks.postgres.columns
          'edge':{} ~ 'edge':{'name':'n'} ~ edge.name
          'edge':{} ~ 'edge':{'mqtt':{'url':'mqtt://other'}} ~ edge.mqtt.url
          'edge':{} ~ 'edge':{'uplink':{'pingMs':200}} ~ edge.uplink.pingMs
          'edge':{} ~ 'edge':{'mqtt':null} ~ edge.mqtt
          'broker':{} ~ 'broker':{'port':1} ~ broker.port
          'simulator':{} ~ 'simulator':{'rooms':1} ~ simulator.rooms
          'cluster':{} ~ 'cluster':{'name':'n'} ~ cluster.name
          """)
  @DisplayName("is named by its key, and waits for the next start")
  void waits(String before, String after, String key) throws ConfigException {
    Config running = read(before);
    Config fresh = read(after);

    assertThat(running.differences(fresh)).containsExactly(key);
    assertThat(running.withReloadable(fresh)).isEqualTo(running);
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      textBlock =
          """
          'edge':{} ~ 'edge':{'mqtt':{'topics':['a']}} ~ edge.mqtt.topics
          'edge':{} ~ 'edge':{'uplink':{'url':'ws://other'}} ~ edge.uplink.url
          'edge':{} ~ 'edge':{'uplink':{'token':'12345678'}} ~ edge.uplink.token
          'rabbitmq':{} ~ 'rabbitmq':{'url':'amqp://other'} ~ rabbitmq.url
          'log':{} ~ 'log':{'level':'debug'} ~ log.level
          """)
  @DisplayName("is named by its key, and applies at once where it can")
  void applies(String before, String after, String key) throws ConfigException {
    Config running = read(before);
    Config fresh = read(after);

    assertThat(running.differences(fresh)).containsExactly(key);
    assertThat(running.withReloadable(fresh)).isEqualTo(fresh);
  }

  @Test
  @DisplayName("of the server applies to tokens, limits on connections and the gateway's rules")
  void server() throws ConfigException {
    Config running = setup("{'server':{'host':'127.0.0.1','mqtt':{}}}").config();
    Config fresh =
        setup(
                "{'server':{'host':'127.0.0.1','port':1,'tokens':"
                    + "[{'name':'a','secret':'12345678','role':'live'}],"
                    + "'limits':{'connections':5,'connectionsPerIp':4,'maxMessageBytes':2000},"
                    + "'mqtt':{'anonymous':true,'publish':['a'],'subscribe':[],"
                    + "'maxConnections':3,'pingMs':100}}}")
            .config();

    Config next = running.withReloadable(fresh);

    assertThat(running.differences(next))
        .containsExactly(
            "server.tokens",
            "server.limits.connections",
            "server.limits.connectionsPerIp",
            "server.mqtt.anonymous",
            "server.mqtt.publish",
            "server.mqtt.subscribe",
            "server.mqtt.maxConnections");
    assertThat(next.differences(fresh))
        .containsExactly("server.port", "server.limits.maxMessageBytes", "server.mqtt.pingMs");
  }

  private Config read(String sections) throws ConfigException {
    return setup("{" + SERVER + sections + "}").config();
  }

  private Setup setup(String json) {
    return new Setup(dir).conf(json);
  }
}
