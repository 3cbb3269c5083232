package io.spillway.rabbit;

import io.spillway.config.RabbitConfig;
import io.spillway.net.HostExamination;
import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;

/** Looks at the way to RabbitMQ: as far as its port, and no further. */
public final class RabbitExamination {
  private RabbitExamination() {}

  /** Its name and its port. */
  public static HostExamination host(Vertx vertx, RabbitConfig config, TimeSource time) {
    return new HostExamination(
        vertx,
        "RabbitMQ",
        config.host(),
        config.port(),
        error -> RabbitTrouble.explain(config, error),
        time);
  }
}
