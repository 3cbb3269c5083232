package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Heard;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The watch on the configuration")
@ExtendWith(VertxExtension.class)
class ConfigWatchTest {
  private static final long LOOK_EVERY_MS = 20;

  @TempDir Path dir;
  private final BlockingQueue<Config> changes = new LinkedBlockingQueue<>();

  @Test
  @DisplayName("tells of a change that needs no restart, and again of the next")
  void changes(Vertx vertx) throws ConfigException, InterruptedException {
    Setup setup = new Setup(dir).conf("{'edge':{}}");
    watch(vertx, setup);

    setup.conf("{'edge':{'mqtt':{'topics':['a'],'qos':0}}}");
    Config first = Await.next(changes);
    assertThat(first.edge().mqtt().topics()).containsExactly("a");
    assertThat(first.edge().mqtt().qos()).isEqualTo(1);

    setup.conf("{'edge':{'uplink':{'url':'ws://other/ws'}}}");
    assertThat(Await.next(changes).edge().uplink().host()).isEqualTo("other");
  }

  @Test
  @DisplayName("takes what a .env says as text, whatever it looks like")
  void raw(Vertx vertx) throws ConfigException, InterruptedException {
    Setup setup = new Setup(dir).conf("{'edge':{}}");
    watch(vertx, setup);

    setup.dotEnv("INGEST_TOKEN=0012345");

    assertThat(Await.next(changes).edge().uplink().token().value()).isEqualTo("0012345");
  }

  @Test
  @DisplayName("does not miss what was written between the start and the first look")
  void early(Vertx vertx) throws ConfigException, InterruptedException {
    Setup setup = new Setup(dir).conf("{'edge':{}}");
    Loaded started = setup.load();
    setup.conf("{'edge':{'mqtt':{'topics':['a']}}}");
    watch(vertx, started);

    assertThat(Await.next(changes).edge().mqtt().topics()).containsExactly("a");
  }

  @Test
  @DisplayName("refuses a mistake, keeps the old settings, and takes the mended ones")
  void mistake(Vertx vertx) throws ConfigException, InterruptedException {
    Setup setup = new Setup(dir).conf("{'edge':{}}");
    watch(vertx, setup);

    setup.conf("{'edge':{'mqtt':{'topics':['a']},}}");
    assertThat(changes.poll(LOOK_EVERY_MS * 10, TimeUnit.MILLISECONDS)).isNull();

    setup.conf("{'edge':{'mqtt':{'topics':['a']}}}");
    assertThat(Await.next(changes).edge().mqtt().topics()).containsExactly("a");
  }

  @Test
  @DisplayName("refuses a mixture of old and new that would open the server without a token")
  void mixture(Vertx vertx) throws ConfigException, InterruptedException {
    Setup setup =
        new Setup(dir)
            .conf("{'server':{'tokens':[{'name':'a','secret':'12345678','role':'ingest'}]}}");
    watch(vertx, setup);

    // By itself right: on loopback nobody needs a token. But the host waits for the next start.
    setup.conf("{'server':{'host':'127.0.0.1','tokens':[]},'log':{'level':'debug'}}");
    assertThat(changes.poll(LOOK_EVERY_MS * 10, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  @DisplayName("does not let go of the last ingest token, and says when all is as before")
  void lastToken(Vertx vertx) throws ConfigException {
    String conf = "{'server':{'host':'127.0.0.1'}}";
    Setup setup = new Setup(dir).conf(conf).dotEnv("INGEST_TOKEN=long-enough");
    try (Heard heard = new Heard(ConfigWatch.class.getName())) {
      watch(vertx, setup);

      setup.dotEnv("INGEST_TOKN=long-enough");
      await(
          heard,
          "WARN [CFG] change refused, the old one stays: server.tokens: the last ingest token would"
              + " be gone, and whoever reaches this port could write; to open the server, restart"
              + " it");
      setup.dotEnv("INGEST_TOKEN=long-enough");
      await(heard, "INFO [CFG] as before, the refused change is gone");
    }
    assertThat(changes).isEmpty();
  }

  @Test
  @DisplayName("takes another secret of a file that the configuration names, each time")
  void secretFile(Vertx vertx) throws ConfigException, InterruptedException {
    Setup setup = withSecretFile("first-token");
    watch(vertx, setup);

    for (String secret : List.of("second-token", "third-token", "first-token")) {
      setup.file("sec", secret + "\n");
      assertThat(Await.next(changes).server().tokens().get(0).secret())
          .isEqualTo(new Secret(secret));
    }
  }

  @Test
  @DisplayName("says that a secret's file is empty or gone, and keeps the secret")
  void secretGone(Vertx vertx) throws ConfigException, IOException {
    Setup setup = withSecretFile("first-token");
    try (Heard heard = new Heard(ConfigWatch.class.getName())) {
      watch(vertx, setup);

      setup.file("sec", "");
      await(
          heard,
          "WARN [CFG] change refused, the old one stays: server.tokens[0].secret (conf.json): is"
              + " a file, which is empty; allowed: text, {\"env\":\"NAME\"} or {\"file\":\"path\"}");
      Files.delete(dir.resolve("sec"));
      await(
          heard,
          "WARN [CFG] change refused, the old one stays: server.tokens[0].secret (conf.json): is"
              + " an object with the path of a file that is not there; allowed:"
              + " {\"file\":\"path\"}, a file up to 64 KiB");
      setup.file("sec", "first-token");
      await(heard, "INFO [CFG] as before, the refused change is gone");
    }
    assertThat(changes).isEmpty();
  }

  @Test
  @DisplayName("looks at the files of secrets alone, wherever one may stand")
  void secretFiles() {
    String conf =
        """
        {"edge":{"mqtt":{"password":{"file":"a"}},"uplink":{"token":{"file":"/b"}}},
         "server":{"journal":{"file":"x.ndjson"},"tokens":[{},{"secret":{"file":"c"}},
                   {"secret":{"env":"D"}},{"secret":"e"},{"secret":{"file":"~/f"}},7]},
         "rabbitmq":{"password":{"file":"g"}},
         "sinks":{"postgres":{"password":{"file":"h"}},"influx":null}}
        """;

    assertThat(SecretFiles.in(conf, dir))
        .containsExactlyInAnyOrder(
            dir.resolve("a"), Path.of("/b"), dir.resolve("c"), dir.resolve("g"), dir.resolve("h"));
    assertThat(SecretFiles.in("{", dir)).isEmpty();
    assertThat(SecretFiles.in("[]", dir)).isEmpty();
  }

  private Setup withSecretFile(String secret) {
    return new Setup(dir)
        .file("sec", secret)
        .conf("{'server':{'tokens':[{'name':'a','secret':{'file':'sec'},'role':'ingest'}]}}");
  }

  @Test
  @DisplayName("says that the file is gone, without the cure of a start, and keeps the settings")
  void gone(Vertx vertx) throws ConfigException, IOException {
    Setup setup = new Setup(dir).conf("{'edge':{}}");
    try (Heard heard = new Heard(ConfigWatch.class.getName())) {
      watch(vertx, setup);

      Files.delete(dir.resolve("conf.json"));
      await(
          heard,
          "WARN [CFG] change refused, the old one stays: conf.json: is not there any more; put it"
              + " back");
    }
    assertThat(changes).isEmpty();
  }

  @Test
  @DisplayName("does not read a file that is too large")
  void tooLarge(Vertx vertx) throws ConfigException {
    Setup setup = new Setup(dir).conf("{'edge':{}}");
    try (Heard heard = new Heard(ConfigWatch.class.getName())) {
      watch(vertx, setup);

      setup.conf(" ".repeat(1 << 20) + "{}");
      await(
          heard,
          "WARN [CFG] change refused, the old one stays: "
              + dir.resolve("conf.json")
              + ": is 1048578 bytes long; allowed: up to 1048576");
    }
  }

  @Test
  @DisplayName("warns of a value that a # has cut short, with the cure, as the start does")
  void cutShort(Vertx vertx) throws ConfigException {
    Setup setup = new Setup(dir).conf("{'edge':{}}").dotEnv("TOPIC=\"t/#\"");
    try (Heard heard = new Heard(ConfigWatch.class.getName())) {
      watch(vertx, setup);

      setup.dotEnv("TOPIC=t/#");
      await(heard, "INFO [CFG] changed: edge.mqtt.topics");
      setup.dotEnv("TOPIC=t/#", "INGEST_TOKEN=long-enough");
      await(heard, "INFO [CFG] changed: edge.uplink.token");

      assertThat(heard.lines())
          .containsExactly(
              "WARN TOPIC in .env line 1 was cut short at an unquoted #; put the value in quotes:"
                  + " TOPIC=\"…#…\"",
              "WARN TOPIC in .env ends in \"/\", so it matches nothing below it; if a # was lost,"
                  + " put the value in quotes: TOPIC=\"t/#\"",
              "INFO [CFG] changed: edge.mqtt.topics",
              "INFO [CFG] changed: edge.uplink.token");
    }
  }

  @Test
  @DisplayName("does not repeat what the start has warned of")
  void warnedAtStart(Vertx vertx) throws ConfigException {
    Setup setup = new Setup(dir).conf("{'edge':{}}").dotEnv("TOPIC=t/#");
    try (Heard heard = new Heard(ConfigWatch.class.getName())) {
      watch(vertx, setup);

      setup.conf("{'edge':{'uplink':{'url':'ws://other/ws'}}}");
      await(heard, "INFO [CFG] changed: edge.uplink.url");
      assertThat(heard.lines()).hasSize(1);
    }
  }

  @Test
  @DisplayName("says that a key was edited which a variable overrules, and no word of its value")
  void overruled(Vertx vertx) throws ConfigException {
    Setup setup =
        new Setup(dir)
            .conf("{'edge':{'mqtt':{'topics':['a']}}}")
            .dotEnv("TOPIC=b", "INGEST_TOKEN=of-dot-env");
    try (Heard heard = new Heard(ConfigWatch.class.getName())) {
      watch(vertx, setup);

      setup.conf("{'edge':{'mqtt':{'topics':['c']}}}");
      await(heard, "WARN [CFG] edge.mqtt.topics (conf.json) is overruled by TOPIC in .env");
      setup.conf("{'edge':{'mqtt':{'topics':['c']},'uplink':{'token':'of-the-file'}}}");
      await(heard, "WARN [CFG] edge.uplink.token (conf.json) is overruled by INGEST_TOKEN in .env");
      assertThat(heard.lines()).hasSize(2);
    }
    assertThat(changes).isEmpty();
  }

  @Test
  @DisplayName("says that a .env was edited which the environment overrules")
  void overruledByTheEnvironment(Vertx vertx) throws ConfigException {
    Map<String, String> environment = Map.of("TOPIC", "a", "SECRET", "12345678");
    Setup setup =
        new Setup(dir)
            .env("TOPIC", "a")
            .env("SECRET", "12345678")
            .conf("{'edge':{'uplink':{'token':{'env':'SECRET'}}}}")
            .dotEnv("TOPIC=b");
    try (Heard heard = new Heard(ConfigWatch.class.getName())) {
      watch(vertx, setup.load(), environment);

      setup.dotEnv("TOPIC=c");
      await(heard, "WARN [CFG] TOPIC in .env is overruled by TOPIC in the environment");
      setup.dotEnv("TOPIC=c", "SECRET=of-dot-env");
      await(heard, "WARN [CFG] SECRET in .env is overruled by SECRET in the environment");
      assertThat(heard.lines()).hasSize(2);
    }
    assertThat(changes).isEmpty();
  }

  @Test
  @DisplayName("says once that a key waits for the next start, not again with every other change")
  void waits(Vertx vertx) throws ConfigException {
    Setup setup = new Setup(dir).conf("{'edge':{}}");
    try (Heard heard = new Heard(ConfigWatch.class.getName())) {
      watch(vertx, setup);

      setup.conf("{'edge':{'mqtt':{'qos':0}}}");
      await(heard, "WARN [CFG] read at the next start: edge.mqtt.qos");
      setup.conf("{'edge':{'name':'n','mqtt':{'qos':0}}}");
      await(heard, "WARN [CFG] read at the next start: edge.name");
      setup.conf("{'edge':{'name':'n','mqtt':{'qos':0,'topics':['a']}}}");
      await(heard, "INFO [CFG] changed: edge.mqtt.topics");
      setup.conf("{'edge':{'mqtt':{'qos':0,'topics':['b']}}}"); // the name is as it runs again
      await(heard, "INFO [CFG] changed: edge.mqtt.topics", 2);
      setup.conf("{'edge':{'mqtt':{'qos':2,'topics':['b']}}}");
      Await.until(
          "the key that waits has changed again",
          Duration.ofSeconds(10),
          () -> heard.lines().size() > 4);

      assertThat(heard.lines())
          .containsExactly(
              "WARN [CFG] read at the next start: edge.mqtt.qos",
              "WARN [CFG] read at the next start: edge.name",
              "INFO [CFG] changed: edge.mqtt.topics",
              "INFO [CFG] changed: edge.mqtt.topics",
              "WARN [CFG] read at the next start: edge.mqtt.qos");
    }
  }

  private static void await(Heard heard, String line) {
    await(heard, line, 1);
  }

  private static void await(Heard heard, String line, int times) {
    Await.until(
        line,
        Duration.ofSeconds(10),
        () -> heard.lines().stream().filter(line::equals).count() >= times);
  }

  @Test
  @DisplayName("counts a text once it has stood for two looks")
  void settles() {
    Settling<String> settling = new Settling<>();

    assertThat(List.of("half")).allSatisfy(text -> assertThat(settling.look(text)).isNull());
    assertThat(settling.look("whole")).isNull();
    assertThat(settling.look("whole")).isEqualTo("whole");
    assertThat(settling.look("next")).isEqualTo("whole");
    assertThat(settling.look("next")).isEqualTo("next");
  }

  private void watch(Vertx vertx, Setup setup) throws ConfigException {
    watch(vertx, setup.load());
  }

  private void watch(Vertx vertx, Loaded started) {
    watch(vertx, started, Map.of());
  }

  private void watch(Vertx vertx, Loaded started, Map<String, String> environment) {
    Path conf = Path.of("conf.json");
    new ConfigWatch(vertx, conf, dir, environment, LOOK_EVERY_MS, started, changes::add);
  }
}
