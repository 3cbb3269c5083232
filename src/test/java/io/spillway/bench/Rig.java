package io.spillway.bench;

import io.spillway.kit.FreePort;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.NodeScript;
import io.spillway.kit.Proc;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One broker, and what is measured on it; each has topics of its own, so the others rest. */
final class Rig implements AutoCloseable {
  /** The documented Node pair, with the limits of its batches lifted. */
  static final Map<String, String> NODE_LIFTED = Map.of("BATCH_MS", "10", "BATCH_MAX", "1000000");

  /** The documented Node pair as it is: 100 per 500 ms. */
  static final Map<String, String> NODE_DOCUMENTED = Map.of();

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final List<String> EDGE_FLAGS =
      List.of("@" + Site.PROJECT + "/scripts/java-flags-edge");
  private static final List<String> SERVER_FLAGS =
      List.of("@" + Site.PROJECT + "/scripts/java-flags-server");

  private final Site site;
  private final Mosquitto broker;

  Rig(String name) throws IOException {
    site = Site.in(Site.PROJECT.resolve("target/bench").resolve(name));
    // As shipped, but for the save after each message, with which the broker itself ends at 2,000
    // a second.
    broker =
        new Mosquitto(site, "mosquitto")
            .with("autosave_on_changes", "false")
            .with("autosave_interval", "1800")
            .start();
  }

  Site site() {
    return site;
  }

  Mosquitto broker() {
    return broker;
  }

  /** A server with its journal in one file, so that it can be watched. */
  Spillway server() {
    return server(site);
  }

  private static Spillway server(Site in) {
    return Spillway.server(in).onlyJvm(SERVER_FLAGS).set("server.journal.segmentBytes", 10L << 30);
  }

  /** An edge that is configured as documented, but for its topic. */
  Spillway edge(String topic, String wsUrl) {
    return edge(site, topic, wsUrl);
  }

  private Spillway edge(Site in, String topic, String wsUrl) {
    return Spillway.edge(in, broker.url(), wsUrl)
        .onlyJvm(EDGE_FLAGS)
        .set("edge.mqtt.topics", List.of(topic + "/#"))
        .set("edge.batch.intervalMs", 500);
  }

  /** Our pair, running. */
  Contender spillway(Spillway edge, Spillway server, String topic) {
    return pair("spillway", edge.set("edge.mqtt.clientId", "spillway"), server, topic);
  }

  /** The pair of another jar, such as one of before, in the same way. */
  Contender beside(Path jar, String topic) throws IOException {
    Site other = site.own(Site.in(site.dir().resolve("beside")));
    Spillway server = server(other).jar(jar);
    Spillway edge = edge(other, topic, server.wsUrl()).jar(jar);
    String name = jar.getFileName().toString();
    return pair(name, edge.set("edge.mqtt.clientId", name), server, topic);
  }

  /** The name is that of its client at the broker, too. */
  private Contender pair(String name, Spillway edge, Spillway server, String topic) {
    server.start();
    edge.start();
    edge.proc().awaitLine("\\[uplink\\] .* goes on at", LIMIT);
    broker.awaitSubscriber(name);
    return contender(
        name,
        List.of(edge.proc(), server.proc()),
        topic,
        server.dataDir().resolve("ingest.ndjson"));
  }

  /** The Node pair, running. */
  Contender node(String topic, Map<String, String> settings) {
    int port = FreePort.next();
    Path out = site.dir().resolve("node-data");
    Proc server = NodeScript.server(site, port, out, "t");
    Proc listener =
        NodeScript.listener(site, broker, topic + "/#", "ws://127.0.0.1:" + port, "t", settings);
    listener.awaitLine("\\[WS\\] connected", LIMIT);
    return contender("node", List.of(listener, server), topic, out.resolve("ingest.ndjson"));
  }

  /** {@code mosquitto_sub > file}, running. */
  Contender sub(String topic) {
    String command =
        "exec mosquitto_sub -p %d -i bench-sub -q 1 -t '%s/#' > sub.ndjson"
            .formatted(broker.port(), topic);
    Proc sub =
        site.own(Proc.start("mosquitto_sub", site.dir(), Map.of(), List.of("sh", "-c", command)));
    broker.awaitSubscriber("bench-sub");
    return contender("mosquitto_sub", List.of(sub), topic, site.dir().resolve("sub.ndjson"));
  }

  private Contender contender(String name, List<Proc> processes, String topic, Path file) {
    return site.own(new Contender(name, processes, new Load(broker.port(), topic), file));
  }

  @Override
  public void close() {
    site.close();
  }
}
