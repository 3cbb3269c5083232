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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a broker, on a connection with a clean session of its own, what it is and for how long it
 * has been running: before the connection of the session, as there the messages that it sends again
 * come first. Mosquitto tells, where its rules let the user read {@code $SYS/broker/#}; others do
 * not, and that is no fault.
 */
final class BrokerRun implements BrokerConnection.Listener {
  private static final String UPTIME = "$SYS/broker/uptime";
  private static final String VERSION = "$SYS/broker/version";
  private static final Pattern SECONDS = Pattern.compile("([0-9]{1,12}) seconds");
  private static final long WITHIN_MS = 3_000;

  private final Promise<Void> told = Promise.promise();
  private final NettyBrokerConnection connection;
  private long upMs = -1;
  private boolean knownMake;

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
        .map(done -> new Connecting(config.url(), clientId, true, run.upMs, run.knownMake));
  }

  // The answer to the ping is behind all that is retained.
  private void connected() {
    connection.subscribe(1, List.of(UPTIME, VERSION));
    connection.ping();
  }

  @Override
  public void received(Received message) {
    String text = new String(message.payload(), StandardCharsets.UTF_8);
    Matcher seconds = SECONDS.matcher(text);
    if (message.topic().equals(UPTIME) && seconds.lookingAt()) {
      upMs = Long.parseLong(seconds.group(1)) * 1_000;
    } else if (message.topic().equals(VERSION)) {
      knownMake = text.startsWith("mosquitto version ");
    }
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
