package io.spillway.uplink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.UplinkConfig;
import io.spillway.config.UplinkMode;
import io.spillway.hop.HopFinding;
import io.spillway.net.HostExamination;
import io.spillway.net.TlsExamination;
import io.spillway.time.TimeSource;
import io.spillway.wire.Wire;
import io.spillway.worker.TimeLimit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.concurrent.TimeoutException;

/**
 * Looks at the way to the server as the uplink takes it, and beside one that runs: no hello is
 * said, so the server hears of no edge, and nothing is sent but pings. All methods are called on
 * one event loop, in the order in which they stand here.
 */
public final class LinkExamination {
  /** What the hops are called. */
  public static final String ANSWER = "server answer";

  /** Likewise. */
  public static final String CLOCK = "server clock";

  /** Likewise. */
  public static final String UPGRADE = "upgrade and token";

  /** Likewise. */
  public static final String ACKNOWLEDGEMENTS = "acknowledgements";

  /** Likewise. */
  public static final String ROUND_TRIP = "round trip";

  /** Likewise. */
  public static final String PROXY = "proxy";

  private static final String PEER = "server";
  private static final int CONNECT_WITHIN_MS = 5_000;
  private static final long PONG_WITHIN_MS = 4_000;
  private static final int PINGS = 5;
  private static final int UNAVAILABLE = 503;

  private final Vertx vertx;
  private final UplinkConfig config;
  private final TimeSource time;
  private final Dialer dialer;
  private final WebSocketClient client;
  private final long[] nanos = new long[PINGS];
  private HealthAnswer health;
  private WebSocket socket;
  private boolean withoutProtocol;
  private int status;
  private boolean compressed;
  private Promise<Void> pong = Promise.promise();
  private Fault closed = Fault.NONE;

  public LinkExamination(Vertx vertx, UplinkConfig config, TimeSource time) {
    this.vertx = vertx;
    this.config = config;
    this.time = time;
    dialer = new Dialer(vertx, config);
    client = dialer.client(vertx);
  }

  /** Its name and its port. */
  public HostExamination host() {
    return new HostExamination(vertx, PEER, config.host(), config.port(), dialer::explain, time);
  }

  /** Its certificate; null where there is no TLS. */
  public TlsExamination tls() {
    if (!config.tls()) {
      return null;
    }
    NetClientOptions options =
        new NetClientOptions()
            .setConnectTimeout(CONNECT_WITHIN_MS)
            .setSsl(true)
            .setHostnameVerificationAlgorithm("HTTPS");
    if (config.caFile() != null) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(config.caFile().toString()));
    }
    return new TlsExamination(
        vertx, PEER, config.host(), config.port(), options, dialer::explain, time);
  }

  /** What answers there over HTTP; never fails. */
  public Future<HopFinding> answer() {
    return new HealthProbe(vertx, config, time)
        .ask()
        .map(
            answered -> {
              health = answered;
              return heard(answered);
            })
        .otherwise(error -> failed(ANSWER, fault(error)));
  }

  private Fault fault(Throwable error) {
    return error instanceof Fault.Failure known ? known.fault() : dialer.explain(error);
  }

  private static HopFinding heard(HealthAnswer answer) {
    String through = answer.through().isEmpty() ? "" : ", through " + answer.through();
    if (!answer.spillway()) {
      String words =
          "HTTP %d to GET /health%s: it does not say that it is Spillway"
              .formatted(answer.status(), through);
      return answer.status() < 500
          ? HopFinding.ok(ANSWER, words)
          : HopFinding.notice(ANSWER, words, FaultKind.PROXY.cure());
    }
    return answer.status() == UNAVAILABLE
        ? HopFinding.notice(
            ANSWER,
            "a Spillway server" + through + ", which says that it is failing",
            "see its /health, which tells what is wrong")
        : HopFinding.ok(ANSWER, "a Spillway server" + through);
  }

  /** Which of the two clocks is later, by that answer. */
  public HopFinding clock() {
    return health.dateMs().isEmpty()
        ? HopFinding.skipped(CLOCK, "not known: what answers there says no date")
        : LinkJudgement.clock(CLOCK, health.ownMs(), health.dateMs().getAsLong());
  }

  /** Whether it becomes a WebSocket, and stays one: some look at a token only then. Never fails. */
  public Future<HopFinding> upgrade() {
    return dialer
        .connect(client)
        .compose(
            opened -> {
              socket = opened;
              compressed = opened.headers().contains("Sec-WebSocket-Extensions");
              opened.pongHandler(bytes -> pong.tryComplete());
              opened.exceptionHandler(broken -> pong.tryFail(broken));
              opened.closeHandler(end -> closed(opened));
              return ping(0);
            })
        .map(answered -> HopFinding.ok(UPGRADE, "a WebSocket" + token()))
        .otherwise(this::refused);
  }

  private String token() {
    return config.token() == null
        ? "; no token is configured, and none was asked for"
        : isAcknowledged() ? ", and the token is taken" : "; the token was sent";
  }

  private void closed(WebSocket ended) {
    closed = dialer.explainClose(ended.closeStatusCode(), ended.closeReason());
    pong.tryFail(closed.failure());
  }

  private HopFinding refused(Throwable error) {
    Fault why = fault(error);
    if (error instanceof UpgradeRejectedException rejected) {
      status = rejected.getStatus();
    }
    withoutProtocol = why.equals(Dialer.NOT_ACKNOWLEDGING);
    boolean token = !why.isEmpty() && why.equals(closed) && config.token() != null;
    if (isUpgradeLost()) {
      return HopFinding.failed(
          UPGRADE, why.trouble(), "see what the proxy on the way strips, below");
    }
    if (why.kind() == FaultKind.CREDENTIALS && health != null && !health.through().isEmpty()) {
      return HopFinding.failed(
          UPGRADE, why.trouble(), LinkJudgement.tokenCure(why.cure(), health.through()));
    }
    return token
        ? HopFinding.failed(
            UPGRADE,
            why.trouble() + " right after the upgrade",
            "check the token (edge.uplink.token, INGEST_TOKEN): some servers look at it only then")
        : failed(UPGRADE, why);
  }

  private boolean isAcknowledged() {
    return socket != null && Wire.SUBPROTOCOL.equals(socket.subProtocol());
  }

  private boolean isUpgradeLost() {
    return LinkJudgement.isUpgradeLost(status, isSpillway(), config.url().getPath());
  }

  private boolean isSpillway() {
    return health != null && health.spillway();
  }

  /** Whether what is sent is acknowledged, by the subprotocol that was chosen. */
  public HopFinding acknowledgements() {
    return LinkJudgement.acknowledgements(
        ACKNOWLEDGEMENTS, config.mode(), isAcknowledged(), isSpillway());
  }

  /** How long a ping takes there and back; says goodbye then. Never fails. */
  public Future<HopFinding> roundTrip() {
    return pings(0)
        .map(done -> LinkJudgement.roundTrip(ROUND_TRIP, nanos, config.pongTimeout().toMillis()))
        .otherwise(error -> failed(ROUND_TRIP, fault(error)))
        .eventually(() -> socket.close().otherwiseEmpty());
  }

  private Future<Void> pings(int number) {
    return number == PINGS
        ? Future.succeededFuture()
        : ping(number).compose(answered -> pings(number + 1));
  }

  private Future<Void> ping(int number) {
    if (!closed.isEmpty()) {
      return Future.failedFuture(closed.failure());
    }
    pong = Promise.promise();
    long begun = time.nanoTime();
    return socket
        .writePing(Buffer.buffer().appendByte((byte) number))
        .compose(sent -> TimeLimit.within(vertx, PONG_WITHIN_MS, pong.future()))
        .onSuccess(answered -> nanos[number] = time.nanoTime() - begun)
        .recover(
            error ->
                error instanceof TimeoutException && closed.isEmpty()
                    ? Future.failedFuture(
                        new Fault(FaultKind.TIMEOUT, "no pong within " + PONG_WITHIN_MS + " ms")
                            .failure())
                    : Future.failedFuture(closed.isEmpty() ? error : closed.failure()));
  }

  /** What stands on the way, and what it takes away. */
  public HopFinding proxy() {
    boolean offered = config.mode() != UplinkMode.PLAIN;
    boolean upgraded = socket != null;
    if (isUpgradeLost()) {
      return LinkJudgement.upgradeLost(PROXY, health.through());
    }
    if (!upgraded && !withoutProtocol) {
      return HopFinding.skipped(PROXY, "not known: there is no WebSocket to tell by");
    }
    return LinkJudgement.proxy(
        PROXY,
        health.through(),
        isSpillway(),
        !offered || isAcknowledged(),
        !config.compress() || !upgraded || compressed);
  }

  private static HopFinding failed(String hop, Fault why) {
    return HopFinding.failed(hop, why.trouble(), why.cure());
  }
}
