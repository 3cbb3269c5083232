package io.spillway.demo;

import io.spillway.bus.Channels;
import io.spillway.bus.RoleState;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says where to watch, and once a second what flows; its log is to go to standard output. */
public final class DemoView extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(DemoView.class);
  private static final long EVERY_MS = 1_000;

  private final Map<String, RoleState> roles = new HashMap<>();
  private final int port;
  private final TimeSource time;
  private FlowLine last;

  /**
   * @param port of the server's pages on this machine
   */
  public DemoView(int port, TimeSource time) {
    this.port = port;
    this.time = time;
    last = new FlowLine(time.monotonicMs(), 0, 0, 0, 0);
  }

  @Override
  public Future<?> start() {
    log.info("\nOpen http://127.0.0.1:{}/ in a browser.  Ctrl-C stops.\n", port);
    Channels.ROLE_STATE.listen(vertx, state -> roles.put(state.role(), state));
    vertx.setPeriodic(EVERY_MS, tick -> print());
    return Future.succeededFuture();
  }

  private void print() {
    FlowLine now =
        new FlowLine(
            time.monotonicMs(),
            counter("batcher", "received"),
            counter("batcher", "queued"),
            counter("batcher", "acknowledged"),
            counter("store", "stored"));
    log.info(now.since(last).toString());
    last = now;
  }

  private long counter(String role, String name) {
    RoleState state = roles.get(role);
    return state == null ? 0 : state.counters().getOrDefault(name, 0L);
  }
}
