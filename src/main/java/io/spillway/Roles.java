package io.spillway;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spillway.batch.Batcher;
import io.spillway.config.BrokerConfig;
import io.spillway.config.Config;
import io.spillway.config.EdgeConfig;
import io.spillway.config.JournalConfig;
import io.spillway.config.MqttConfig;
import io.spillway.config.SinksConfig;
import io.spillway.demo.DemoBroker;
import io.spillway.demo.DemoView;
import io.spillway.demo.Simulator;
import io.spillway.iaq.Completion;
import io.spillway.iaq.IaqProcessor;
import io.spillway.rabbit.RabbitSource;
import io.spillway.server.Server;
import io.spillway.sink.Sinks;
import io.spillway.source.LingerPolicy;
import io.spillway.source.MqttSource;
import io.spillway.store.Store;
import io.spillway.time.TimeSource;
import io.spillway.uplink.Uplink;
import io.vertx.core.Deployable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Which roles a configuration asks for, in the order in which they start. */
final class Roles {
  private static final Duration DEFAULT_LINGER = Duration.ofMillis(5);

  private final Config config;
  private final boolean demo;
  private final PrometheusMeterRegistry registry;
  private volatile DemoBroker broker; // the server asks for it on a thread of its own
  private Batcher batcher;

  /**
   * @param demo nothing was configured: show what flows, and be content with any free port
   */
  Roles(Config config, boolean demo, PrometheusMeterRegistry registry) {
    this.config = config;
    this.demo = demo;
    this.registry = registry;
  }

  /**
   * A role that is made when its turn comes: what it needs of an earlier one is known then.
   *
   * @param mayBeLeft it has stopped only when a client of its has, and that may wait for a peer
   */
  record Role(Supplier<Deployable> maker, boolean mayBeLeft) {
    Role(Supplier<Deployable> maker) {
      this(maker, false);
    }

    Deployable make() {
      return maker.get();
    }
  }

  List<Role> downstreamFirst() {
    List<Role> roles = new ArrayList<>();
    if (config.server() != null) {
      roles.add(new Role(this::makeStore));
      if (config.iaq() != null) {
        roles.add(
            new Role(
                () ->
                    new IaqProcessor(
                        config.iaq(),
                        config.server().journal().dir(),
                        registry,
                        TimeSource.SYSTEM)));
      }
      sinks(roles, config.sinks(), config.server().journal().dir());
      roles.add(
          new Role(
              () ->
                  new Server(
                      config.server(),
                      config.iaq(),
                      isDatabaseAsked(),
                      this::brokerPort,
                      registry)));
      if (config.rabbitmq() != null) {
        roles.add(new Role(() -> new RabbitSource(config.rabbitmq(), registry, TimeSource.SYSTEM)));
      }
    }
    if (config.broker() != null) {
      roles.add(new Role(() -> broker = makeBroker(config.broker())));
    }
    if (config.edge() != null) {
      edge(roles, config.edge());
    }
    if (config.simulator() != null) {
      roles.add(new Role(this::makeSimulator));
    }
    if (demo) {
      roles.add(new Role(() -> new DemoView(config.server().port(), TimeSource.SYSTEM)));
    }
    return roles;
  }

  private void sinks(List<Role> roles, SinksConfig sinks, Path journalDir) {
    if (sinks.influx() != null) {
      roles.add(
          new Role(() -> Sinks.influx(sinks.influx(), journalDir, registry, TimeSource.SYSTEM)));
    }
    if (sinks.postgres() != null) {
      roles.add(
          new Role(
              () -> Sinks.postgres(sinks.postgres(), journalDir, registry, TimeSource.SYSTEM),
              true));
    }
    if (isDatabaseAsked()) {
      roles.add(
          new Role(
              () -> Sinks.postgresReader(sinks.postgres(), registry, TimeSource.SYSTEM), true));
    }
  }

  private boolean isDatabaseAsked() {
    return config.sinks().postgres() != null && config.sinks().postgres().queries() > 0;
  }

  private void edge(List<Role> roles, EdgeConfig edge) {
    if (edge.spool() != null) {
      batcher = new Batcher(edge, registry, TimeSource.SYSTEM);
    }
    if (edge.uplink() != null) {
      roles.add(
          new Role(() -> new Uplink(edge.uplink(), () -> name(edge), registry, TimeSource.SYSTEM)));
    }
    if (edge.spool() != null) {
      roles.add(new Role(() -> batcher));
    }
    if (edge.mqtt() != null) {
      roles.add(new Role(() -> makeSource(edge)));
    }
  }

  private Deployable makeStore() {
    JournalConfig journal = config.server().journal();
    return config.iaq() == null
        ? new Store(journal, registry, TimeSource.SYSTEM)
        : new Store(
            journal,
            registry,
            new Completion(config.iaq(), TimeSource.SYSTEM::wallMs),
            TimeSource.SYSTEM);
  }

  /** A broker of our own may have chosen its port by itself; it starts after the server. */
  private int brokerPort(int configured) {
    DemoBroker own = broker;
    boolean meant =
        own != null
            && config.server().mqtt().isPlainLoopback()
            && configured == config.broker().port();
    return meant && own.port() > 0 ? own.port() : configured;
  }

  private Deployable makeSource(EdgeConfig edge) {
    MqttConfig mqtt = broker == null ? edge.mqtt() : edge.mqtt().withPort(broker.port());
    LingerPolicy lingerPolicy =
        edge.spool() == null
            ? LingerPolicy.of(DEFAULT_LINGER, Duration.ZERO)
            : LingerPolicy.of(edge.spool().commit(), edge.batch().interval());
    String name = batcher == null ? edge.name() : batcher.edgeName();
    if (name == null) {
      throw unnamed();
    }
    String clientId = mqtt.clientId() == null ? "spillway-" + name : mqtt.clientId();
    Path spoolDir = edge.spool() == null ? null : edge.spool().dir();
    return new MqttSource(
        mqtt, lingerPolicy, name, clientId, spoolDir, registry, TimeSource.SYSTEM);
  }

  /** Blocking. The spool has a name, or is given one, if the configuration has none. */
  private String name(EdgeConfig edge) throws IOException {
    if (batcher != null) {
      return batcher.nameBeforeStart();
    }
    if (edge.name() == null) {
      throw unnamed();
    }
    return edge.name();
  }

  private static IllegalArgumentException unnamed() {
    return new IllegalArgumentException("edge.name: needed where the spool is in another process");
  }

  private DemoBroker makeBroker(BrokerConfig wanted) {
    return demo
        ? DemoBroker.preferring(wanted.port(), wanted.webSocketPort())
        : new DemoBroker(wanted.port(), wanted.webSocketPort());
  }

  private Deployable makeSimulator() {
    MqttConfig mqtt = config.edge() == null ? null : config.edge().mqtt();
    String host = broker != null || mqtt == null ? "127.0.0.1" : mqtt.host();
    int port = broker != null ? broker.port() : mqtt == null ? 1883 : mqtt.port();
    return new Simulator(host, port, config.simulator(), TimeSource.SYSTEM);
  }
}
