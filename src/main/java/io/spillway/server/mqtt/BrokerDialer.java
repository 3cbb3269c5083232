package io.spillway.server.mqtt;

import io.spillway.bus.Fault;
import io.spillway.config.GatewayConfig;
import io.spillway.net.Addresses;
import io.spillway.retry.NetworkFault;
import io.spillway.retry.OutageLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemTrustOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to the broker, TCP or TLS; logs once when it cannot, and once when it can again. */
final class BrokerDialer {
  private static final Logger log = LoggerFactory.getLogger(BrokerDialer.class);

  private final NetClient client;
  private final Addresses addresses;
  private final String host;
  private final int port;
  private final IntUnaryOperator actualPort;
  private final OutageLog link = new OutageLog(log, "[mqtt gateway]");

  /**
   * @param actualPort where the broker really is, by the configured port
   */
  BrokerDialer(Vertx vertx, GatewayConfig config, IntUnaryOperator actualPort) {
    this.client = vertx.createNetClient(options(config));
    this.addresses = new Addresses(vertx, config.host());
    this.host = config.host();
    this.port = config.port();
    this.actualPort = actualPort;
  }

  private static NetClientOptions options(GatewayConfig config) {
    int connectMs = (int) config.connect().toMillis();
    NetClientOptions options =
        new NetClientOptions()
            .setConnectTimeout(connectMs)
            .setSslHandshakeTimeout(connectMs)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true)
            .setSsl(config.tls());
    if (config.tls()) {
      options.setHostnameVerificationAlgorithm("HTTPS");
      if (config.caFile() != null) {
        options.setTrustOptions(new PemTrustOptions().addCertPath(config.caFile().toString()));
      }
    }
    return options;
  }

  /** A connection that is paused. */
  Future<NetSocket> connect() {
    int at = actualPort.applyAsInt(port);
    return addresses
        .connect(client, at)
        .onSuccess(
            socket -> {
              socket.pause();
              link.up();
            })
        .onFailure(error -> link.down(explain(error, at)));
  }

  private Fault explain(Throwable error, int at) {
    return NetworkFault.explain(
        error, host + ':' + at, ": is the broker up?", "server.mqtt.url", "server.mqtt.caFile");
  }

  String address() {
    return host + ':' + port;
  }

  /** As far as the last attempt tells. */
  boolean isReachable() {
    return link.reason() == null;
  }

  Future<Void> close() {
    return client.close();
  }
}
