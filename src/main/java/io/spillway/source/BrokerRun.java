package io.spillway.source;

import io.spillway.bus.Connecting;
import io.spillway.bus.Fault;
import io.spillway.config.MqttConfig;
import io.spillway.net.Addresses;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.util.List;

/**
 * Asks a broker, on a connection with a clean session of its own, what it is and for how long it
 * has been running: before the connection of the session, as there the messages that it sends again
 * come first. Mosquitto tells, where its rules let the user read {@code $SYS/broker/#}; others do
 * not, and that is no fault.
 */
final class BrokerRun implements BrokerConnection.Listener {
  private static final long WITHIN_MS = 3_000;

  private final Promise<Void> told = Promise.promise();
  private final NettyBrokerConnection connection;
  private final SysTopics said = new SysTopics();

  private BrokerRun(Vertx vertx, MqttConfig config, String clientId, TimeSource time) {
    connection =
        new NettyBrokerConnection(
            vertx, config, clientId + "-asks", true, this, new SilenceWatch(), time);
  }

  /** Never fails: a broker that says nothing is a broker of which nothing is known. */
  static Future<Connecting> ask(
      Vertx vertx,
      NetClient client,
      Addresses broker,
      MqttConfig config,
      String clientId,
      TimeSource time) {
    BrokerRun run = new BrokerRun(vertx, config, clientId, time);
    long limit = vertx.setTimer(WITHIN_MS, late -> run.told.tryComplete());
    run.connection
        .open(client, broker, Future::succeededFuture)
        .onSuccess(kept -> run.connected())
        .onFailure(error -> run.told.tryComplete());
    return run.told
        .future()
        .onComplete(done -> vertx.cancelTimer(limit))
        .eventually(run.connection::disconnect)
        .map(
            done ->
                new Connecting(
                    config.url(), clientId, true, run.said.upMs(), run.said.isMosquitto()));
  }

  // The answer to the ping is behind all that is retained.
  private void connected() {
    connection.subscribe(1, SysTopics.FILTERS);
    connection.ping();
  }

  @Override
  public void received(Received message) {
    said.received(message);
  }

  @Override
  public void answered() {
    told.tryComplete();
  }

  @Override
  public void closed(Fault why) {
    told.tryComplete();
  }

  @Override
  public void released(int packetId) {}

  @Override
  public void turnEnded() {}

  @Override
  public void subscribed(int packetId, List<Integer> codes) {}

  @Override
  public void unsubscribed(int packetId) {}

  @Override
  public void pinged() {}

  @Override
  public boolean wantsPing() {
    return false;
  }
}
