package io.spillway.doctor;

import io.spillway.batch.SpoolOwner;
import io.spillway.config.Config;
import io.spillway.config.EdgeConfig;
import io.spillway.config.MqttConfig;
import io.spillway.config.SpoolConfig;
import io.spillway.config.UplinkConfig;
import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import io.spillway.journal.DirectoryExamination;
import io.spillway.net.HostExamination;
import io.spillway.net.Loopback;
import io.spillway.net.TlsExamination;
import io.spillway.source.BrokerExamination;
import io.spillway.time.TimeSource;
import io.spillway.uplink.LinkExamination;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/** The hops of an edge: its spool, its broker, its server. */
final class EdgeSteps {
  private static final String OWN =
      "not known: nothing listens there, and it is this configuration's own; start it and look again";

  private final Vertx vertx;
  private final Config config;
  private final EdgeConfig edge;
  private final TimeSource time;
  private final List<Step> steps = new ArrayList<>();

  private EdgeSteps(Vertx vertx, Config config, TimeSource time) {
    this.vertx = vertx;
    this.config = config;
    this.edge = config.edge();
    this.time = time;
  }

  static List<Step> of(Vertx vertx, Config config, TimeSource time) {
    EdgeSteps edge = new EdgeSteps(vertx, config, time);
    edge.addAll();
    return edge.steps;
  }

  private void addAll() {
    if (edge.spool() != null) {
      spool(edge.spool());
    }
    if (edge.mqtt() != null) {
      broker(edge.mqtt());
    }
    if (edge.uplink() != null) {
      server(edge.uplink());
    }
  }

  private void spool(SpoolConfig spool) {
    DirectoryExamination directory =
        new DirectoryExamination("spool", "edge.spool.dir", spool.dir(), time);
    long bytesMax = spool.maxBytes() + 2 * spool.segmentBytes();
    DirectorySteps.add(steps, vertx, directory, bytesMax, "edge.spool.maxBytes");
  }

  private void broker(MqttConfig mqtt) {
    BrokerExamination broker = new BrokerExamination(vertx, mqtt, clientId(mqtt), random(), time);
    boolean own =
        config.broker() != null
            && config.broker().port() == mqtt.port()
            && Loopback.isName(mqtt.host());
    List<String> way = way(broker.host(), broker.tls(), own);
    List<String> login = List.of(BrokerExamination.LOGIN);
    List<String> topics = List.of(BrokerExamination.TOPICS);
    steps.add(new Step(BrokerExamination.LOGIN, way, broker::login));
    steps.add(new Step(BrokerExamination.TOPICS, login, broker::topics));
    steps.add(new Step(BrokerExamination.MESSAGES, topics, broker::messages));
    steps.add(new Step(BrokerExamination.IDENTIFIERS, topics, broker::identifiers));
  }

  /** That of the source, as far as it is known without opening the spool. */
  private String clientId(MqttConfig mqtt) {
    if (mqtt.clientId() != null) {
      return mqtt.clientId();
    }
    String name = edge.name();
    if (name == null && edge.spool() != null) {
      name = SpoolOwner.edgeOf(edge.spool().dir()).orElse(null);
    }
    return "spillway-" + (name == null ? "edge" : name);
  }

  private static String random() {
    byte[] random = new byte[3];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private void server(UplinkConfig uplink) {
    LinkExamination link = new LinkExamination(vertx, uplink, time);
    boolean own =
        config.server() != null
            && config.server().port() == uplink.port()
            && Loopback.isName(uplink.host());
    List<String> way = way(link.host(), link.tls(), own);
    List<String> answer = List.of(LinkExamination.ANSWER);
    List<String> upgrade = List.of(LinkExamination.UPGRADE);
    steps.add(new Step(LinkExamination.ANSWER, way, link::answer));
    steps.add(Step.quick(LinkExamination.CLOCK, answer, link::clock));
    steps.add(new Step(LinkExamination.UPGRADE, way, link::upgrade));
    steps.add(Step.quick(LinkExamination.ACKNOWLEDGEMENTS, upgrade, link::acknowledgements));
    steps.add(new Step(LinkExamination.ROUND_TRIP, upgrade, link::roundTrip));
    steps.add(Step.quick(LinkExamination.PROXY, answer, link::proxy));
  }

  /** To a peer; gives what has to be well before anything else is seen there. */
  private List<String> way(HostExamination host, TlsExamination tls, boolean own) {
    steps.add(new Step(host.nameHop(), List.of(), host::name));
    steps.add(new Step(host.portHop(), List.of(host.nameHop()), unlessOwn(host, own)));
    List<String> way = new ArrayList<>(List.of(host.portHop()));
    if (tls != null) {
      steps.add(new Step(tls.hop(), List.of(host.portHop()), tls::look));
      way.add(tls.hop());
    }
    return List.copyOf(way);
  }

  /** What this process itself would run is not there before it runs. */
  private static Supplier<Future<HopFinding>> unlessOwn(HostExamination host, boolean own) {
    return () ->
        host.port()
            .map(
                seen ->
                    own && seen.result() == Result.FAILED
                        ? HopFinding.told(seen.hop(), Result.SKIPPED, OWN)
                        : seen);
  }
}
