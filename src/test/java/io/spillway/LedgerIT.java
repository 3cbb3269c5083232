package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.Publisher;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The ledger of a server and its edge, by verify")
class LedgerIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Pattern BOUNDS = Pattern.compile("between ([0-9]+) and ([0-9]+) of these");
  private static final String EDGE = "spillway-edge";

  @RegisterExtension final Site site = new Site();

  @Test
  @DisplayName("is proven while both run and after kill -9, and names a segment that was taken out")
  void provenUntilSomethingIsTakenOut() throws IOException {
    Mosquitto broker = site.mosquitto();
    Spillway server = server().start();
    Spillway edge =
        Spillway.edge(site, broker, server).set("edge.spool.segmentBytes", 16_384).start();
    broker.awaitSubscriber(EDGE);
    Publisher publisher = site.publisher(broker, "test/a").begin(500);
    for (int look = 0; look < 3; look++) {
      Proc running = verify(server, edge);
      assertThat(running.exitCode()).as(running.output()).isZero();
    }

    server.kill9();
    int acknowledged = segments(edge).size(); // at most: they are let go of a moment later
    Await.until("3 segments wait", SOON, () -> segments(edge).size() > acknowledged + 3);
    edge.kill9();
    publisher.end();

    JsonObject killed = ledger(server, edge, 0);
    assertThat(count(killed, "waiting")).isPositive();
    assertThat(count(killed, "stored") + count(killed, "waiting"))
        .isEqualTo(killed.getLong("given"));

    List<Path> segments = segments(edge);
    Path taken = segments.get(segments.size() - 2);
    long first = number(taken);
    long last = number(segments.get(segments.size() - 1)) - 1;
    Files.delete(taken);

    Proc faulty = verify(server, edge);
    assertThat(faulty.exitCode()).isEqualTo(1);
    assertThat(faulty.output()).contains(": missing " + first + "-" + last, "FAULTY");
    JsonObject lost = ledger(server, edge, 1);
    assertThat(count(lost, "missing")).isEqualTo(last - first + 1);
    assertThat(count(lost, "stored") + count(lost, "waiting") + count(lost, "missing"))
        .isEqualTo(killed.getLong("given"));
  }

  @Test
  @DisplayName("knows the measurements of indoor air again that the server has completed")
  void completed() throws IOException {
    Mosquitto broker = site.mosquitto();
    Spillway server = server().set("iaq.topics", new JsonArray().add("test/#")).start();
    Spillway edge = Spillway.edge(site, broker, server).start();
    broker.awaitSubscriber(EDGE);
    Publisher publisher = site.publisher(broker, "test/a").always("{\"co2\":812,\"rh\":45}");
    publisher.publish(100, 500);
    Await.until("100 stored", SOON, () -> stored(server).size() == 100);
    assertThat(stored(server)).allMatch(line -> line.contains("\"global_score\":"));

    JsonObject running = ledger(server, edge, 0);
    assertThat(running.getInteger("storedAndHeld")).isPositive();
    assertThat(running.getInteger("notCompared")).isZero();

    edge.kill9();
    Path journal = server.dataDir().resolve("ingest.ndjson");
    Files.writeString(
        journal, Files.readString(journal).replaceFirst("\"co2\":812,\"rh", "\"co2\":813,\"rh"));
    assertThat(ledger(server, edge, 1).getInteger("differing")).isOne();
  }

  /** Measurements; an alarm may stand between them. */
  private static List<String> stored(Spillway server) throws IOException {
    try (Stream<String> lines = Files.lines(server.dataDir().resolve("ingest.ndjson"))) {
      return lines.filter(line -> line.contains("\"rh\":45")).toList();
    }
  }

  @Proof
  @Test
  @DisplayName("counts what a policy has dropped, before and after the rest is stored")
  void dropped() throws IOException {
    Mosquitto broker = site.mosquitto();
    Spillway server = server().start();
    Spillway edge =
        Spillway.edge(site, broker, server)
            .set("edge.spool.maxBytes", 65_536)
            .set("edge.spool.segmentBytes", 8_192)
            .set("edge.spool.whenFull", "dropOldest")
            .set("edge.uplink.ackTimeoutMs", 1_000)
            .start();
    broker.awaitSubscriber(EDGE);
    Publisher publisher = site.publisher(broker, "test/a");
    publisher.publish(50, 500);
    Await.until("50 stored", SOON, () -> server.stored().records().size() == 50);
    server.kill9();

    publisher.publish(1_500, 500);
    publisher.awaitAcknowledged();
    Await.until(
        "some are dropped",
        SOON,
        () -> edge.proc().output().contains("oldest records are dropped"));
    edge.kill9();

    JsonObject away = ledger(server, edge, 0);
    assertThat(count(away, "dropped")).isPositive();
    assertThat(count(away, "stored")).isEqualTo(50);

    server.start();
    edge.start();
    Await.until(
        "all that was not dropped is stored",
        SOON,
        () -> count(ledger(server, edge, 0), "waiting") == 0);
    JsonObject back = ledger(server, edge, 0);
    assertThat(count(back, "dropped")).isGreaterThanOrEqualTo(count(away, "dropped"));
    assertThat(count(back, "stored") + count(back, "dropped")).isEqualTo(back.getLong("given"));
  }

  @Test
  @Proof
  @DisplayName("calls nothing dropped that the server has, or once had, though it went under way")
  void droppedUnderWay() throws IOException {
    Mosquitto broker = site.mosquitto();
    Spillway server = server().start();
    Spillway edge =
        Spillway.edge(site, broker, server)
            .set("edge.spool.maxBytes", 65_536)
            .set("edge.spool.segmentBytes", 8_192)
            .set("edge.spool.whenFull", "dropOldest")
            .set("edge.uplink.ackTimeoutMs", 1_000)
            .start();
    broker.awaitSubscriber(EDGE);
    Publisher publisher = site.publisher(broker, "test/a");
    publisher.publish(50, 500);
    Await.until("50 stored", SOON, () -> server.stored().records().size() == 50);
    Path backup = site.dir().resolve("backup");
    KillImage.copy(server.dataDir(), backup);

    server.proc().stop();
    publisher.publish(1_500, 500);
    publisher.awaitAcknowledged();
    edge.proc().awaitLine("oldest records are dropped", SOON);
    server.proc().cont();
    Await.until("nothing waits", SOON, () -> count(ledger(server, edge, 0), "waiting") == 0);
    JsonObject back = ledger(server, edge, 0);
    long stored = count(back, "stored");
    long dropped = count(back, "dropped");
    assertThat(stored + dropped).isEqualTo(back.getLong("given"));
    edge.proc().awaitLine("the server has [0-9]+ of the records that were dropped", SOON);
    assertThat(count(back, "droppedUnderWay")).isZero();

    edge.kill9();
    server.kill9();
    Files.move(server.dataDir(), site.dir().resolve("newer"));
    KillImage.copy(backup, server.dataDir());
    JsonObject older = ledger(server, edge, 1);
    assertThat(count(older, "dropped")).as("no more than before").isEqualTo(dropped);
    assertThat(count(older, "missing") + count(older, "waiting")).isEqualTo(stored - 50);

    server.start();
    edge.start();
    String told = edge.proc().awaitLine("the server does not have [0-9]+ to [0-9]+", SOON);
    Await.until("nothing waits", SOON, () -> count(ledger(server, edge, 1), "waiting") == 0);
    long missing = count(ledger(server, edge, 1), "missing");
    Matcher bounds = BOUNDS.matcher(told);
    assertThat(bounds.find()).as(told).isTrue();
    assertThat(missing)
        .as(told)
        .isBetween(Long.parseLong(bounds.group(1)), Long.parseLong(bounds.group(2)));
  }

  private Spillway server() {
    return Spillway.server(site).set("server.journal.segmentBytes", 65_536);
  }

  private Proc verify(Spillway server, Spillway edge, String... more) {
    List<String> command =
        Spillway.command(
            "verify",
            "--server",
            server.dataDir().toString(),
            "--edge",
            edge.spoolDir().toString());
    command.addAll(List.of(more));
    return Proc.run("verify", site.dir().resolve("verify"), Map.of(), command);
  }

  /** What became of the numbers of the only edge. */
  private JsonObject ledger(Spillway server, Spillway edge, int code) {
    Proc verify = verify(server, edge, "--json");
    assertThat(verify.exitCode()).as(verify.output()).isEqualTo(code);
    String json = verify.lines().get(verify.lines().size() - 1);
    return new JsonObject(json).getJsonArray("epochs").getJsonObject(0);
  }

  private static long count(JsonObject epoch, String what) {
    return epoch.getJsonObject(what).getLong("count");
  }

  private static List<Path> segments(Spillway edge) throws IOException {
    try (Stream<Path> files = Files.list(edge.spoolDir())) {
      return files.filter(file -> file.toString().matches(".*-[0-9]{20}.ndjson")).sorted().toList();
    }
  }

  private static long number(Path segment) {
    return Long.parseLong(segment.getFileName().toString().replaceAll("\\D", ""));
  }
}
