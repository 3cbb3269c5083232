package io.spillway.replay;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.Secret;
import io.spillway.net.Addresses;
import io.spillway.net.NamedTls;
import io.spillway.retry.NetworkFault;
import io.spillway.wire.Wire;
import io.spillway.wire.WireMessage.Hello;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.List;

/** A server, to which an edge of that name says hello in {@code spillway.v1}. */
final class ServerTarget implements Target {
  /** Offered before ours: a server that only echoes what is offered first picks this one. */
  private static final String NOT_NEGOTIATED = "plain";

  private static final long TIMEOUT_MS = 10_000;
  private static final int CLOSING_TIMEOUT_S = 2;

  private static final Ending NOT_ACKNOWLEDGING =
      Ending.lasting(
          FaultKind.OTHER,
          "it does not speak spillway.v1, and without its acknowledgements nothing is known to be"
              + " stored; is it a Spillway server, or a proxy that takes Sec-WebSocket-Protocol"
              + " away?");

  private final TargetUrl url;
  private final Secret token;
  private final String edge;
  private final String epoch;
  private final String key;
  private final Addresses addresses;
  private final WebSocketClient client; // a field, or the garbage collector closes it

  /**
   * Opens nothing yet.
   *
   * @param token null: none is sent
   * @param caFile authorities to trust; null for those of Java
   */
  ServerTarget(
      Vertx vertx,
      TargetUrl url,
      Secret token,
      Path caFile,
      String edge,
      String epoch,
      String key) {
    this.url = url;
    this.token = token;
    this.edge = edge;
    this.epoch = epoch;
    this.key = key;
    addresses = new Addresses(vertx, url.host(), ServerTarget::isAnswer);
    client = vertx.createWebSocketClient(options(url, caFile));
  }

  private static WebSocketClientOptions options(TargetUrl url, Path caFile) {
    WebSocketClientOptions options =
        new WebSocketClientOptions()
            .setSsl(url.tls())
            .setSslEngineOptions(new NamedTls(url.host()))
            .setClosingTimeout(CLOSING_TIMEOUT_S);
    return caFile == null
        ? options
        : options.setTrustOptions(new PemTrustOptions().addCertPath(caFile.toString()));
  }

  // The server's word about us. From 500 on it is a proxy's about a server: another may be well.
  private static boolean isAnswer(Throwable fault) {
    return fault instanceof UpgradeRejectedException refused && refused.getStatus() < 500;
  }

  @Override
  public Future<TargetLink> connect(long held, long reached, TargetLink.Listener listener) {
    return addresses
        .connect(address -> Addresses.number(address).compose(this::open))
        .compose(
            socket ->
                Wire.SUBPROTOCOL.equals(socket.subProtocol())
                    ? Future.succeededFuture(new ServerLink(socket, hello(held), listener))
                    : closed(socket));
  }

  private Hello hello(long held) {
    return new Hello(edge, epoch, held, key);
  }

  private static Future<TargetLink> closed(WebSocket socket) {
    return socket.close().transform(done -> Future.failedFuture(notAcknowledging()));
  }

  private static Throwable notAcknowledging() {
    return NOT_ACKNOWLEDGING.fault().failure();
  }

  // The host is what to connect to; what the Host header says is that of the absolute URI.
  private Future<WebSocket> open(String number) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost(number)
            .setPort(url.port())
            .setSsl(url.tls())
            .setURI((url.tls() ? "https://" : "http://") + url.address() + url.path())
            .setTimeout(TIMEOUT_MS)
            .setAllowOriginHeader(false)
            .setSubProtocols(List.of(NOT_NEGOTIATED, Wire.SUBPROTOCOL));
    if (token != null) {
      options.putHeader(HttpHeaders.AUTHORIZATION.toString(), "Bearer " + token.value());
    }
    return client
        .connect(options)
        .recover(
            error ->
                // It has accepted and named no subprotocol, which the client takes for a fault.
                String.valueOf(error.getMessage()).startsWith("Invalid subprotocol")
                    ? Future.failedFuture(notAcknowledging())
                    : Future.failedFuture(error));
  }

  @Override
  public Ending explain(Throwable error) {
    if (error instanceof UpgradeRejectedException refused) {
      return refused(refused.getStatus());
    }
    if (error instanceof Fault.Failure) {
      return NOT_ACKNOWLEDGING;
    }
    Fault fault =
        NetworkFault.explain(
            error,
            url.address(),
            "; is the server running, and is --server right?",
            "--server",
            "--ca-file");
    return new Ending(fault, false);
  }

  private static Ending refused(int status) {
    String says = "HTTP " + status;
    return switch (status) {
      case 401, 403 ->
          Ending.lasting(
              FaultKind.CREDENTIALS,
              says
                  + ": missing or wrong token; it goes into a file, --token-file, or into"
                  + " INGEST_TOKEN");
      case 404 ->
          Ending.lasting(
              FaultKind.OTHER,
              says + ": no WebSocket at the path of --server; it usually ends in /ws");
      case 429 ->
          Ending.passing(FaultKind.OTHER, says + ": too many connections from this address");
      case 502, 503, 504, 521, 522, 523, 530 ->
          Ending.passing(
              FaultKind.PROXY,
              says + ": the proxy or tunnel answers, the server behind it does not");
      default -> Ending.lasting(FaultKind.OTHER, says + " instead of a WebSocket; check --server");
    };
  }

  @Override
  public String url() {
    return url.plain();
  }

  @Override
  public boolean remembers() {
    return true;
  }

  @Override
  public String done() {
    return "stored";
  }

  @Override
  public Future<Void> close() {
    return client.close();
  }
}
