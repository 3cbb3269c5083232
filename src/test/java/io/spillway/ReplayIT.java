package io.spillway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.FreePort;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MosquittoClients;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.message.Rejected;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A replay")
class ReplayIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String TIME = "2026-11-25T20:53:45.050Z";

  @RegisterExtension final Site site = new Site();

  private Path file(String name, int first, int last) throws IOException {
    Path file = site.dir().resolve(name);
    StringBuilder text = new StringBuilder();
    for (int n = first; n <= last; n++) {
      text.append(
          "{\"n\":%d,\"_topic\":\"test/%s\",\"_ts_src\":\"%s\",\"_retained\":false,\"_id\":\"attic.e.%d\"}\n"
              .formatted(n, n % 10 == 0 ? "ten" : "other", TIME, n));
    }
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return file;
  }

  private Proc launch(List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("replay"));
    all.addAll(arguments);
    return Spillway.launch(
        site, "replay", Map.of("INGEST_TOKEN", Spillway.TOKEN), all.toArray(String[]::new));
  }

  private Proc toServer(Spillway server, Path source, String... more) {
    List<String> all = new ArrayList<>(List.of(source.toString(), "--server", server.wsUrl()));
    all.addAll(List.of(more));
    return launch(all);
  }

  private Proc ended(Proc proc, int code) {
    proc.awaitExit(SOON);
    assertThat(proc.exitCode()).as(proc.output()).isEqualTo(code);
    return proc;
  }

  private static List<Integer> stored(Spillway server) {
    return server.stored().records().stream().map(record -> record.getInteger("n")).toList();
  }

  private static List<Integer> range(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }

  @Test
  @DisplayName("twice is once, also of a source that has grown, and each line has its number")
  void twiceIsOnce() throws IOException {
    Spillway server = Spillway.server(site).start();
    Path source = file("part.ndjson", 1, 2_500);

    Proc first = ended(toServer(server, source), 0);
    assertThat(first.output()).contains("lines 1 to 2,500", "2,500 stored");
    assertThat(stored(server)).isEqualTo(range(1, 2_500));

    Proc second = ended(toServer(server, source), 0);
    assertThat(second.output()).contains("0 stored", "2,500 were there already");

    file("part.ndjson", 2_501, 2_600);
    Proc grown = ended(toServer(server, source), 0);
    assertThat(grown.output()).contains("100 stored", "2,500 were there already");

    assertThat(stored(server)).isEqualTo(range(1, 2_600));
    List<JsonObject> records = server.stored().records();
    String id = records.get(0).getString("_id");
    assertThat(id).matches("replay\\.[0-9a-f]{8}\\.1");
    assertThat(records.get(2_599).getString("_id")).isEqualTo(id.replaceFirst("1$", "2600"));
    assertThat(records.get(6).getString("_claimed_id")).isEqualTo("attic.e.7");
    assertThat(records.get(6).getString("_ts_src")).isEqualTo(TIME);
  }

  @Proof
  @Test
  @DisplayName("of a source that was put back, and has grown in another way, is refused")
  void putBack() throws IOException {
    Spillway server = Spillway.server(site).start();
    Path source = file("part.ndjson", 1, 100);
    Path note = site.dir().resolve("part.ndjson.replay");
    ended(toServer(server, source), 0);
    byte[] content = Files.readAllBytes(source);
    byte[] noted = Files.readAllBytes(note);
    file("part.ndjson", 101, 200);
    ended(toServer(server, source), 0);

    Files.write(source, content);
    Files.write(note, noted);
    assertThat(ended(toServer(server, source), 0).output()).contains("0 stored");
    file("part.ndjson", 301, 350);
    assertThat(ended(toServer(server, source), 1).output()).contains("lines up to 200", "--name");
    assertThat(stored(server)).isEqualTo(range(1, 200));

    ended(toServer(server, source, "--name", "other"), 0);
    assertThat(stored(server)).hasSize(350).containsAll(range(301, 350));
  }

  @Test
  @DisplayName("that is killed, or stopped by Ctrl-C, goes on with the same command")
  void killed() throws IOException {
    Spillway server = Spillway.server(site).start();
    Path source = file("part.ndjson", 1, 3_000);

    Proc killed = toServer(server, source, "--rate", "500/s");
    Await.until("some are stored", SOON, () -> stored(server).size() > 200);
    killed.kill9();
    int atKill = stored(server).size();
    assertThat(atKill).isLessThan(3_000);

    Proc stopped = toServer(server, source, "--rate", "500/s");
    Await.until("more are stored", SOON, () -> stored(server).size() > atKill + 200);
    stopped.signal("INT");
    stopped.awaitExit(SOON);
    assertThat(stopped.exitCode()).isEqualTo(130);
    String line = stopped.awaitLine("the same command goes on", SOON);
    int reached =
        Integer.parseInt(line.replaceFirst(".* up to line ([0-9,]+);.*", "$1").replace(",", ""));
    assertThat(reached).isBetween(atKill + 200, stored(server).size());

    ended(toServer(server, source), 0);
    assertThat(stored(server)).isEqualTo(range(1, 3_000));
  }

  @Test
  @DisplayName("goes on by itself when the server is killed and started again")
  void serverKilled() throws IOException {
    Spillway server = Spillway.server(site).start();
    Path source = file("part.ndjson", 1, 3_000);

    Proc replay = toServer(server, source, "--rate", "500/s");
    Await.until("some are stored", SOON, () -> stored(server).size() > 300);
    server.kill9();
    replay.awaitLine("\\[replay\\] .*(cut|refused)", SOON);
    server.start();

    assertThat(ended(replay, 0).output()).contains("works again", "3,000 stored");
    assertThat(stored(server)).isEqualTo(range(1, 3_000));
  }

  @Test
  @DisplayName("sends of what was rejected what is mended, and tells of the rest")
  void rejected() throws IOException {
    Spillway server = Spillway.server(site).start();
    Path source = site.dir().resolve("rejected.ndjson");
    Files.write(source, new byte[0]);
    for (String payload : List.of("{\"n\":1}", "{\"n\":", "21.5", "{\"n\":4}")) {
      Files.write(source, line("test/a", payload, payload.length()), StandardOpenOption.APPEND);
    }
    Files.write(source, line("test/a", "{\"n\":5}", 4_000_000), StandardOpenOption.APPEND);

    Proc replay = ended(toServer(server, source), 3);
    assertThat(replay.output())
        .contains("line 2 is not sent: not valid JSON", "line 3 is not sent: a bare value")
        .contains("line 5 is not sent: of its 4,000,000 bytes 7 were kept")
        .contains("2 stored, 3 could not be sent");
    assertThat(server.stored().records())
        .extracting(record -> record.getInteger("n"))
        .containsExactly(1, 4);
    JsonObject fourth = server.stored().records().get(1);
    assertThat(fourth.getString("_topic")).isEqualTo("test/a");
    assertThat(fourth.getString("_ts_src")).isEqualTo(TIME);
    assertThat(fourth.getString("_id")).matches("replay\\.[0-9a-f]{8}\\.4");

    Proc again = ended(toServer(server, source), 3);
    assertThat(again.output()).contains("0 stored, 2 were there already, 3 could not be sent");

    Proc wrapped = ended(toServer(server, source, "--wrap", "--from", "3", "--to", "3"), 0);
    assertThat(wrapped.output()).contains("1 stored");
    assertThat(server.stored().records().get(2).getValue("value")).isEqualTo(21.5);
    assertThat(server.stored().records()).hasSize(3);
  }

  private static byte[] line(String topic, String payload, long size) {
    long atMs = Instant.parse(TIME).toEpochMilli();
    return new Rejected(topic, atMs, "why", payload.getBytes(UTF_8), size).toLine();
  }

  @Test
  @DisplayName("says at each run what could not be sent, also of what was gone through before")
  void damaged() throws IOException {
    Spillway server = Spillway.server(site).start();
    Path source = file("part.ndjson", 1, 10);
    Files.writeString(source, "{\"n\":11\n", StandardOpenOption.APPEND);
    file("part.ndjson", 12, 20);

    assertThat(ended(toServer(server, source), 3).output())
        .contains("line 11 is not sent: not valid JSON", "19 stored, 1 could not be sent");
    assertThat(ended(toServer(server, source), 3).output())
        .contains("line 11 is not sent", "0 stored, 19 were there already, 1 could not be sent");
    assertThat(ended(toServer(server, source, "--to", "10"), 0).output()).contains("10 stored");
  }

  @Proof
  @Test
  @DisplayName("sends of the lines those that are chosen, and --dry-run none")
  void chosen() throws IOException {
    Spillway server = Spillway.server(site).start();
    Path source = file("part.ndjson", 1, 200);

    Proc dry = ended(toServer(server, source, "--topic", "+/ten", "--dry-run"), 0);
    assertThat(dry.output()).contains("20 would be sent", "180 not chosen");
    assertThat(site.dir().resolve("part.ndjson.replay")).doesNotExist();
    assertThat(stored(server)).isEmpty();

    ended(toServer(server, source, "--topic", "+/ten", "--from", "50"), 0);
    ended(toServer(server, source, "--topic", "+/ten", "--from", "50"), 0);
    assertThat(server.stored().records())
        .hasSize(16)
        .allSatisfy(
            record -> assertThat(record.getString("_id")).endsWith("." + record.getInteger("n")));

    ended(toServer(server, source, "--to", "30"), 0); // another choice: some come once more
    assertThat(stored(server)).hasSize(46);
  }

  @Proof
  @Test
  @DisplayName("of a server's directory gives each record the number of its offset, and ends")
  void directory() throws IOException {
    Spillway first = Spillway.server(site).set("server.journal.segmentBytes", 65_536).start();
    ended(toServer(first, file("part.ndjson", 1, 3_000)), 0);
    Await.until("it is compressed", SOON, () -> isCompressed(first));
    Spillway second =
        Spillway.of(site, "second", first.conf().copy())
            .set("server.port", FreePort.next())
            .start();

    Proc copy = ended(toServer(second, first.dataDir()), 0);
    assertThat(copy.output()).contains("lines 1 to 3,000", "3,000 stored");
    assertThat(stored(second)).isEqualTo(range(1, 3_000));
    assertThat(second.stored().records().get(41).getString("_id")).endsWith(".42");

    ended(toServer(first, first.dataDir(), "--name", "itself"), 0);
    assertThat(stored(first)).hasSize(6_000);
  }

  private static boolean isCompressed(Spillway server) throws IOException {
    try (Stream<Path> files = Files.list(server.dataDir())) {
      return files.anyMatch(file -> file.toString().endsWith(".ndjson.gz"));
    }
  }

  @Proof
  @Test
  @DisplayName("is told in words what keeps it from being let in")
  void refused() throws IOException {
    Spillway server = Spillway.server(site).start();
    Path source = file("part.ndjson", 1, 10);
    Path key = site.dir().resolve("key");
    Files.writeString(key, "one\n");
    ended(toServer(server, source, "--key-file", key.toString()), 0);
    Files.writeString(key, "another\n");

    Proc foreign = ended(toServer(server, source, "--key-file", key.toString()), 1);
    assertThat(foreign.output()).contains("with another key", "--key-file", "--name");

    Path token = site.dir().resolve("token");
    Files.writeString(token, "wrong-token-0123456789");
    Proc stranger = ended(toServer(server, source, "--token-file", token.toString()), 1);
    assertThat(stranger.output())
        .contains("HTTP 401", "--token-file")
        .doesNotContain("wrong-token");

    server.kill9();
    assertThat(ended(toServer(server, source), 1).output())
        .contains("connection refused", "--server");
    assertThat(stored(server)).hasSize(10);
  }

  @Test
  @DisplayName("goes to a broker on another topic, at QoS 1, and goes on where that had everything")
  void broker() throws IOException {
    Mosquitto broker = site.mosquitto();
    Path source = file("part.ndjson", 1, 1_000);
    Files.write(source, line("test/raw", "no JSON", 7), StandardOpenOption.APPEND);
    Proc heard = MosquittoClients.sub(site, broker, "again/#");

    Proc replay = ended(toBroker(broker, source), 0);
    assertThat(replay.output()).contains("1,001 published");
    Await.until("all are heard", SOON, () -> heard.lineCount() == 1_001);
    assertThat(heard.lines().get(0)).isEqualTo("again/test/other {\"n\":1}");
    assertThat(heard.lines().get(9)).isEqualTo("again/test/ten {\"n\":10}");
    assertThat(heard.lines().get(1_000)).isEqualTo("again/test/raw no JSON");

    Proc again = ended(toBroker(broker, source), 0);
    assertThat(again.output()).contains("0 published", "1,001 were there already");

    file("part.ndjson", 1_001, 3_000);
    Proc killed = toBroker(broker, source, "--rate", "500/s");
    Await.until("some are heard", SOON, () -> heard.lineCount() > 1_800);
    killed.kill9();
    ended(toBroker(broker, source), 0);
    Await.until(
        "all are heard",
        SOON,
        () -> heard.lines().stream().anyMatch(line -> line.endsWith("{\"n\":3000}")));
    List<String> payloads =
        heard.lines().stream().map(line -> line.replaceFirst("^\\S+ ", "")).toList();
    assertThat(payloads)
        .contains(range(1, 3_000).stream().map("{\"n\":%d}"::formatted).toArray(String[]::new));
    assertThat(payloads.size()).isLessThan(3_001 + 1_500); // what went in the last second or two
  }

  @Proof
  @Test
  @DisplayName("goes to a broker at QoS 2, of which some take few messages at a time")
  void exactlyOnce() throws IOException {
    Mosquitto broker = site.mosquitto();
    Path source = file("part.ndjson", 1, 1_000);
    Proc heard = MosquittoClients.sub(site, broker, "again/#");

    Proc replay = ended(toBroker(broker, source, "--qos", "2"), 0);
    assertThat(replay.output()).contains("1,000 published");
    Await.until("all are heard", SOON, () -> heard.lineCount() >= 1_000);
    assertThat(heard.lines())
        .extracting(line -> line.replaceFirst("^\\S+ ", ""))
        .containsExactlyElementsOf(range(1, 1_000).stream().map("{\"n\":%d}"::formatted).toList());
  }

  private Proc toBroker(Mosquitto broker, Path source, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(source.toString(), "--mqtt", broker.url(), "--to-topic", "again/{topic}"));
    all.addAll(List.of(more));
    return launch(all);
  }

  @Proof
  @Test
  @DisplayName("goes on by itself when the broker is killed and started again")
  void brokerKilled() throws IOException {
    Mosquitto broker = site.mosquitto();
    Path source = file("part.ndjson", 1, 2_000);
    Proc before = MosquittoClients.sub(site, broker, "again/#", "-c");

    Proc replay = toBroker(broker, source, "--rate", "500/s");
    Await.until("some are heard", SOON, () -> before.lineCount() > 300);
    broker.proc().kill9();
    replay.awaitLine("\\[replay\\] .*(closed|refused|written)", SOON);
    broker.start();

    assertThat(ended(replay, 0).output()).contains("works again", "2,000 published");
  }
}
