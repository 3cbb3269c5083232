package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The examples that come with the program")
class ExamplesTest {
  private static final Path CONF = Path.of("src/main/resources/conf").toAbsolutePath();

  @TempDir Path dir;

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(CONF)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> !file.endsWith("conf.schema.json"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  @DisplayName("are valid with nothing set in the environment")
  void parse(Path file) throws ConfigException {
    assertThat(Config.load(file, dir, Map.of()).config()).isNotNull();
  }

  @Test
  @DisplayName("include a server with PostgreSQL")
  void postgres() throws ConfigException {
    Path file = Path.of("deploy/postgres/server.json").toAbsolutePath();

    Config config = Config.load(file, dir, Map.of("PGPASSWORD", "change-me")).config();

    assertThat(config.sinks().postgres().password()).isEqualTo(new Secret("change-me"));
  }

  @Test
  @DisplayName("include a server with InfluxDB")
  void influx() throws ConfigException {
    Path file = Path.of("deploy/influx/server.json").toAbsolutePath();

    assertThat(Config.load(file, dir, Map.of()).config().sinks().influx().database())
        .isEqualTo("spillway");
  }

  @Test
  @DisplayName("have all roles of the product in one process, with a broker of one's own")
  void oneProcess() throws ConfigException {
    Config config = Config.load(CONF.resolve("conf.json"), dir, Map.of()).config();

    assertThat(config.edge().mqtt().url()).isEqualTo("mqtt://127.0.0.1:1883");
    assertThat(config.edge().spool()).isNotNull();
    assertThat(config.edge().uplink().port()).isEqualTo(config.server().port());
    assertThat(config.server().host()).isEqualTo("127.0.0.1");
    assertThat(config.server().live().anonymous()).isTrue();
    assertThat(config.iaq()).isNotNull();
    assertThat(config.broker()).isNull();
    assertThat(config.simulator()).isNull();
  }

  @Test
  @DisplayName("run the whole demo on loopback, readable by anybody")
  void demo() throws ConfigException {
    Config config = Config.load(null, dir, Map.of()).config();

    assertThat(config.broker()).isEqualTo(new BrokerConfig(1883, 9001));
    assertThat(config.simulator()).isNotNull();
    assertThat(config.edge().uplink().url()).hasToString("ws://127.0.0.1:3006/ws");
    assertThat(config.server().host()).isEqualTo("127.0.0.1");
    assertThat(config.server().live().anonymous()).isTrue();
    assertThat(config.server().tokens()).isEmpty();
    assertThat(config.server().mqtt().anonymous()).isTrue();
    assertThat(config.server().mqtt().publish()).containsExactly("test/phone", "vote/#", "chat/#");
    assertThat(config.cluster()).isNull();
  }

  @Test
  @DisplayName("move the demo's edge along when PORT moves its server")
  void demoFollowsPort() throws ConfigException {
    Config config = Config.load(null, dir, Map.of("PORT", "8080")).config();

    assertThat(config.server().port()).isEqualTo(8080);
    assertThat(config.edge().uplink().port()).isEqualTo(8080);
  }

  @Test
  @DisplayName("give edge and server the same token when INGEST_TOKEN is set")
  void tokenFromEnvironment() throws ConfigException {
    Map<String, String> environment = Map.of("INGEST_TOKEN", "long-enough");
    EdgeConfig edge = Config.load(CONF.resolve("edge.json"), dir, environment).config().edge();
    ServerConfig server =
        Config.load(CONF.resolve("server.json"), dir, environment).config().server();

    assertThat(edge.uplink().token()).isEqualTo(new Secret("long-enough"));
    assertThat(server.tokens())
        .containsExactly(new TokenConfig("ingest", new Secret("long-enough"), TokenRole.INGEST));
  }

  @Test
  @DisplayName("would wait for ever for a part in another process where there is no cluster")
  void partElsewhere() throws ConfigException {
    String edge = "{'edge':{'name':'n','mqtt':null}%s}";

    assertThat(new Setup(dir).conf(edge.formatted("")).load().warnings())
        .containsExactly(
            "edge.mqtt: is null, which means that it runs in another process of a cluster, and"
                + " there is no section cluster");
    assertThat(new Setup(dir).conf(edge.formatted(",'cluster':{}")).load().warnings()).isEmpty();
  }

  @Test
  @DisplayName("split one edge over two processes that meet in one cluster")
  void cluster() throws ConfigException {
    Config source = Config.load(CONF.resolve("cluster-source.json"), dir, Map.of()).config();
    Config edge = Config.load(CONF.resolve("cluster-edge.json"), dir, Map.of()).config();

    assertThat(source.cluster().name()).isEqualTo(edge.cluster().name());
    assertThat(source.edge().name()).isEqualTo(edge.edge().name());
    assertThat(source.edge().mqtt()).isNotNull();
    assertThat(source.edge().spool()).isNull();
    assertThat(edge.edge().mqtt()).isNull();
    assertThat(edge.edge().spool()).isNotNull();
    assertThat(edge.edge().uplink()).isNotNull();
  }

  @Test
  @DisplayName("include the documented .env, which alone makes an edge")
  void dotEnv() throws ConfigException, IOException {
    Files.copy(CONF.resolve("env.example"), dir.resolve(".env"));

    Config config = Config.load(null, dir, Map.of()).config();

    assertThat(config.server()).isNull();
    assertThat(config.edge().mqtt().url()).isEqualTo("mqtt://192.168.1.51:1883");
    assertThat(config.edge().mqtt().topics()).containsExactly("pws-packet/#");
    assertThat(config.edge().uplink().url()).hasToString("wss://xxxxx.trycloudflare.com/ws");
    assertThat(config.edge().uplink().token()).isEqualTo(new Secret("change-me"));
  }
}
