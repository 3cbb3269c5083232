package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Ledger;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MqttTap;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.Publisher;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.TinyDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Real processes, real {@code kill -9}, and one account: whatever the broker acknowledged is stored
 * exactly once and in order, and a fresh message still flows.
 */
@DisplayName("No message is lost, doubled or overtaken")
class FaultsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PER_SECOND = 400;
  private static final int FEW_PER_SECOND = 150;
  private static final String EDGE = "spillway-edge";

  @RegisterExtension final Site site = new Site();
  private Mosquitto broker;
  private Spillway server;
  private Spillway edge;
  private Publisher publisher;

  @BeforeEach
  void prepare() {
    // Where the broker is not what fails, its saving after each message would only set the pace.
    broker = new Mosquitto(site, "mosquitto").with("autosave_interval", "1000");
    server = Spillway.server(site);
    // Small segments, so that a run crosses many of their ends.
    server.set("server.journal.segmentBytes", 200_000);
  }

  /** Everything runs and the first messages are stored. */
  private void underLoad() {
    underLoad(100_000);
  }

  private void underLoad(int segmentBytes) {
    broker.start();
    server.start();
    if (edge == null) {
      edge = Spillway.edge(site, broker, server);
    }
    edge.set("edge.spool.segmentBytes", segmentBytes).start();
    broker.awaitSubscriber(EDGE);
    publisher = site.publisher(broker, "test/a", "test/b", "test/c");
    publisher.begin(PER_SECOND);
    awaitStored(200);
  }

  private void awaitStored(int n) {
    server.stored().await("message " + n, line -> line.contains(publisher.mark(n)));
  }

  /** What was sent so far is stored. */
  private void awaitCaughtUp() {
    awaitStored(publisher.sent() - 1);
  }

  /** The load goes on this long, whatever happens to it. */
  private void meanwhile(int seconds) {
    int until = publisher.sent() + seconds * PER_SECOND;
    Await.until("load goes on", SOON, () -> publisher.sent() >= until);
  }

  /** Ends the load, lets a fresh message through on each topic, and draws up the account. */
  private void settled(String fault) {
    settled(fault, null);
  }

  private void settled(String fault, MqttTap tap) {
    publisher.end();
    publisher.awaitAcknowledged();
    int fresh = publisher.sent();
    publisher.publish(publisher.topics().size(), PER_SECOND);
    publisher.awaitAcknowledged();
    for (int n = fresh; n < publisher.sent(); n++) {
      awaitStored(n);
    }
    Ledger ledger = Ledger.of(fault, publisher, server.stored().records(), tap);
    String report = ledger.report();
    assertThat(ledger.lost()).as(report).isEmpty();
    assertThat(ledger.duplicate()).as(report).isEmpty();
    assertThat(ledger.disorder()).as(report).isEmpty();
    assertThat(ledger.sequenceFaults()).as(report).isEmpty();
    Proc verify = Spillway.verify(site, server.dataDir());
    assertThat(verify.exitCode()).as(verify.output()).isZero();
    assertThat(server.stored().rejected()).isEmpty();
  }

  @Test
  @DisplayName("by kill -9 of the edge")
  void killEdge() {
    underLoad();
    for (int kill = 0; kill < 3; kill++) {
      edge.kill9();
      meanwhile(1);
      edge.start();
      awaitCaughtUp();
    }
    settled("kill -9 of edge, 3 times");
  }

  @Test
  @Proof
  @DisplayName("by kill -9 of the server")
  void killServer() {
    underLoad();
    for (int kill = 0; kill < 3; kill++) {
      server.kill9();
      meanwhile(2);
      server.start();
      awaitCaughtUp();
    }
    settled("kill -9 of server, 3 times");
  }

  @Test
  @DisplayName("by kill -9 of the broker, but for what it forgot before handing it over")
  void killBroker() {
    broker.with("autosave_interval", "1").start(); // as shipped
    MqttTap tap = site.own(new MqttTap(broker));
    edge = Spillway.edge(site, tap.url(), server.wsUrl());
    server.start();
    edge.set("edge.spool.segmentBytes", 100_000).start();
    broker.awaitSubscriber(EDGE);
    publisher = site.publisher(broker, "test/a", "test/b", "test/c");
    publisher.begin(PER_SECOND);
    awaitStored(200);
    for (int kill = 0; kill < 3; kill++) {
      broker.proc().kill9();
      broker.start();
      broker.awaitSubscriber(EDGE);
      meanwhile(1);
      awaitCaughtUp();
    }
    settled("kill -9 of broker, 3 times", tap);
  }

  @Test
  @Proof
  @DisplayName("by kill -9 of a broker that comes back with the state of some time ago")
  void killForgetfulBroker() {
    broker.with("autosave_interval", "0").start(); // saves when told to
    MqttTap tap = site.own(new MqttTap(broker));
    edge = Spillway.edge(site, tap.url(), server.wsUrl());
    server.start();
    edge.start();
    broker.awaitSubscriber(EDGE);
    publisher = site.publisher(broker, "test/a", "test/b", "test/c");
    publisher.begin(FEW_PER_SECOND);
    awaitStored(200);
    // With the edge frozen its messages are saved as on their way; then it takes them, and only
    // the broker's memory knows. (Below max_inflight_messages: what is saved as waiting comes back
    // without DUP, and cannot be told from an honest repeat.)
    edge.proc().stop();
    meanwhile(1);
    broker.proc().signal("USR1");
    broker.proc().awaitLine("Saving in-memory database", SOON);
    edge.proc().cont();
    awaitCaughtUp();
    broker.proc().kill9();
    broker.start();
    broker.awaitSubscriber(EDGE);
    meanwhile(1);
    settled("kill -9 of broker, back with older state", tap);
    assertThat(tap.handedOverAgain()).as("messages that came again").isGreaterThan(100);
  }

  @Test
  @Proof
  @DisplayName("by a server frozen for 30 s, then resumed, then frozen again and killed")
  void frozenServer() {
    underLoad();
    server.proc().stop();
    meanwhile(30);
    server.proc().cont();
    awaitCaughtUp();
    server.proc().stop();
    meanwhile(2);
    server.kill9();
    server.start();
    awaitCaughtUp();
    settled("server frozen 30 s, resumed, frozen, killed");
  }

  @Test
  @Proof
  @DisplayName("by kill -9 of the edge while the server is away")
  void killEdgeWhileServerIsAway() {
    underLoad();
    server.kill9();
    meanwhile(2);
    edge.kill9();
    meanwhile(1);
    edge.start();
    meanwhile(1);
    server.start();
    awaitCaughtUp();
    settled("edge killed while server away");
  }

  @Proof
  @Test
  @DisplayName("by kill -9 of edge and server together")
  void killBoth() {
    underLoad();
    for (int kill = 0; kill < 3; kill++) {
      server.kill9();
      edge.kill9();
      meanwhile(1);
      edge.start();
      server.start();
      awaitCaughtUp();
    }
    settled("edge and server killed together, 3 times");
  }

  @Test
  @Proof
  @DisplayName("by a wrong token, once it is corrected")
  void wrongToken() {
    edge = Spillway.edge(site, broker, server).set("edge.uplink.token", "a-wrong-token");
    broker.start();
    server.start();
    edge.start();
    broker.awaitSubscriber(EDGE);
    publisher = site.publisher(broker, "test/a", "test/b", "test/c");
    publisher.begin(PER_SECOND);
    edge.proc().awaitLine("\\[uplink\\].*401", SOON);
    meanwhile(1);
    assertThat(server.stored().lines()).isEmpty();
    edge.kill9();
    edge.set("edge.uplink.token", Spillway.TOKEN).start();
    awaitCaughtUp();
    settled("wrong token, then corrected");
  }

  @Proof
  @Test
  @DisplayName("by a full disk at the edge, once there is space again")
  void edgeDiskFull() {
    TinyDisk disk = site.tinyDisk("edge-disk", 16);
    edge = Spillway.edge(site, broker, server);
    edge.set("edge.spool.dir", disk.dir().resolve("spool").toString());
    underLoad();
    int from = edge.proc().lineCount();
    disk.fill();
    edge.proc().awaitLine(from, "(?i)(no space|disk.*full|full.*disk)", SOON);
    meanwhile(3);
    disk.empty();
    awaitCaughtUp();
    disk.fill();
    meanwhile(1);
    edge.kill9();
    disk.empty();
    edge.start();
    awaitCaughtUp();
    settled("disk of edge full, freed; full, edge killed, freed");
  }

  @Test
  @Proof
  @DisplayName("by a full disk at the edge just when its whole spool has been acknowledged")
  void edgeDiskFullAndSpoolReleased() {
    TinyDisk disk = site.tinyDisk("edge-disk", 16);
    broker.start();
    edge = Spillway.edge(site, broker, server);
    edge.set("edge.spool.dir", disk.dir().resolve("spool").toString());
    edge.set("edge.spool.segmentBytes", 100_000).start();
    broker.awaitSubscriber(EDGE);
    publisher = site.publisher(broker, "test/a", "test/b", "test/c");
    // More than half a segment, less than a whole one: released as soon as it is acknowledged.
    publisher.publish(250, PER_SECOND);
    Path segment = edge.spoolDir().resolve("spool.ndjson");
    Await.until(
        "all is in the spool", SOON, () -> Files.readString(segment).contains(publisher.mark(249)));
    disk.fill();
    server.start();
    awaitStored(249);
    // The emptied spool has no room to note where its numbers go on; they must not begin again.
    edge.proc().awaitLine("(?i)(no space|disk.*full|full.*disk)", SOON);
    edge.kill9();
    disk.empty();
    edge.start();
    publisher.begin(PER_SECOND);
    meanwhile(1);
    settled("disk of edge full, spool all acknowledged, edge killed");
  }

  @Test
  @Proof
  @DisplayName("by a full disk at the server, once there is space again")
  void serverDiskFull() {
    TinyDisk disk = site.tinyDisk("server-disk", 16);
    server.set("server.journal.dir", disk.dir().resolve("data").toString());
    underLoad();
    int from = server.proc().lineCount();
    disk.fill();
    server.proc().awaitLine(from, "(?i)(no space|disk.*full|full.*disk)", SOON);
    meanwhile(3);
    disk.empty();
    awaitCaughtUp();
    disk.fill();
    meanwhile(1);
    server.kill9();
    disk.empty();
    server.start();
    awaitCaughtUp();
    settled("disk of server full, freed; full, server killed, freed");
  }

  @Test
  @Proof
  @DisplayName("by torn and garbage bytes in the spool")
  void damagedSpool() throws IOException {
    underLoad(10_000_000); // one segment, so that its second half has chunks, whenever it ends
    server.kill9();
    meanwhile(2);
    edge.kill9();
    Path segment = edge.spoolDir().resolve("spool.ndjson");
    insertBeforeMiddleChunk(segment, "garbage \0\1\2 that nobody wrote\n[\"chunk\",oops\n");
    String torn = "[\"chunk\",7,1,999,\"00000000\",\"\"]\n{\"id\":\"torn";
    Files.writeString(segment, torn, StandardOpenOption.APPEND);
    edge.start();
    server.start();
    awaitCaughtUp();
    settled("torn and garbage bytes in a spool segment");
    assertThat(edge.proc().output()).containsPattern("(?i)torn|quarantine|damage|unreadable");
  }

  private static void insertBeforeMiddleChunk(Path segment, String garbage) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    String text = new String(bytes, StandardCharsets.ISO_8859_1); // one character, one byte
    int at = text.indexOf("\n[\"chunk\"", text.length() / 2) + 1;
    assertThat(at).as("a chunk in the second half of %s", segment).isPositive();
    byte[] head = Arrays.copyOf(bytes, at);
    byte[] tail = Arrays.copyOfRange(bytes, at, bytes.length);
    Files.write(segment, head);
    Files.writeString(segment, garbage, StandardOpenOption.APPEND);
    Files.write(segment, tail, StandardOpenOption.APPEND);
  }

  @Test
  @Proof
  @DisplayName("by 10 restarts in a row under load")
  void tenRestarts() {
    underLoad();
    for (int restart = 0; restart < 5; restart++) {
      edge.crash();
      server.crash();
    }
    awaitCaughtUp();
    settled("10 restarts in a row under load");
  }

  @Test
  @Proof
  @DisplayName("by orderly restarts of edge and server")
  void orderlyRestarts() {
    underLoad();
    for (int restart = 0; restart < 2; restart++) {
      assertThat(edge.terminate()).isEqualTo(143);
      edge.start();
      assertThat(server.terminate()).isEqualTo(143);
      server.start();
    }
    awaitCaughtUp();
    settled("edge and server stopped by SIGTERM and started, twice");
  }
}
