package io.spillway.doctor;

import io.spillway.config.Config;
import io.spillway.config.JournalConfig;
import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import io.spillway.journal.DirectoryExamination;
import io.spillway.net.HostExamination;
import io.spillway.rabbit.RabbitExamination;
import io.spillway.server.PortExamination;
import io.spillway.sink.SinkExamination;
import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/** The hops of a server: its data, its port, its databases. */
final class ServerSteps {
  private final Vertx vertx;
  private final Config config;
  private final TimeSource time;
  private final List<Step> steps = new ArrayList<>();

  private ServerSteps(Vertx vertx, Config config, TimeSource time) {
    this.vertx = vertx;
    this.config = config;
    this.time = time;
  }

  static List<Step> of(Vertx vertx, Config config, TimeSource time) {
    ServerSteps server = new ServerSteps(vertx, config, time);
    server.addAll();
    return server.steps;
  }

  private void addAll() {
    JournalConfig journal = config.server().journal();
    DirectoryExamination directory =
        new DirectoryExamination("data", "server.journal.dir", journal.dir(), time);
    DirectorySteps.add(steps, vertx, directory, journal.keepBytes(), "server.journal.keepBytes");
    PortExamination port = new PortExamination(config.server());
    steps.add(
        Step.blocking(vertx, PortExamination.PORT, List.of(), () -> port.port(directory.holder())));
    steps.add(Step.quick(PortExamination.TOKENS, List.of(), port::tokens));
    if (config.rabbitmq() != null) {
      peer(RabbitExamination.host(vertx, config.rabbitmq(), time));
    }
    if (config.sinks().influx() != null) {
      peer(SinkExamination.influx(vertx, config.sinks().influx(), time));
    }
    if (config.sinks().postgres() != null) {
      peer(SinkExamination.postgres(vertx, config.sinks().postgres(), time));
    }
  }

  private void peer(HostExamination host) {
    steps.add(new Step(host.nameHop(), List.of(), host::name));
    steps.add(
        new Step(
            host.portHop(),
            List.of(host.nameHop()),
            () -> host.port().map(ServerSteps::noFurther)));
  }

  private static HopFinding noFurther(HopFinding seen) {
    return seen.result() == Result.OK
        ? HopFinding.ok(seen.hop(), seen.words() + "; reachable, and not examined further")
        : seen;
  }
}
