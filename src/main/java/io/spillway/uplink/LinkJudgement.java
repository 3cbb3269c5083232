package io.spillway.uplink;

import io.spillway.config.UplinkMode;
import io.spillway.hop.HopFinding;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** What it means what a server, and what stands before it, has shown of itself. */
final class LinkJudgement {
  /** Within that, a clock is right: a header tells whole seconds, and the answer has travelled. */
  private static final long CLOCK_MS = 5_000;

  private static final long SLOW_MS = 1_000;
  private static final double MS = 1e6;

  /** Where a Spillway server has WebSockets. */
  private static final Set<String> PATHS = Set.of("", "/", "/ws", "/ws/");

  private static final int NOT_FOUND = 404;
  private static final int UPGRADE_REQUIRED = 426;

  private LinkJudgement() {}

  /**
   * Whether the wish for a WebSocket has not come through.
   *
   * @param status with which the upgrade was refused; 0 if it was not
   * @param spillway see below
   */
  static boolean isUpgradeLost(int status, boolean spillway, String path) {
    return status == UPGRADE_REQUIRED || (status == NOT_FOUND && spillway && PATHS.contains(path));
  }

  /** What follows then. */
  static HopFinding upgradeLost(String hop, String through) {
    return HopFinding.failed(
        hop,
        "something on the way"
            + by(through)
            + " takes Upgrade away: the server sees no wish for a WebSocket",
        "have it pass Upgrade and Connection on; in nginx: proxy_http_version 1.1;"
            + " proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection"
            + " \"upgrade\"; compare with deploy/nginx/bridge.conf");
  }

  /** What to do where the token is not taken behind a proxy. */
  static String tokenCure(String cure, String through) {
    return cure + "; and let the proxy" + by(through) + " pass Authorization on";
  }

  private static String by(String through) {
    return through.isEmpty() ? "" : " (" + through + ")";
  }

  /**
   * @param ownMs this clock, in the middle of the question
   * @param theirMs what the answer was dated
   */
  static HopFinding clock(String hop, long ownMs, long theirMs) {
    long laterMs = ownMs - theirMs;
    if (Math.abs(laterMs) < CLOCK_MS) {
      return HopFinding.ok(hop, "agrees with that of the server to within 5 s");
    }
    return HopFinding.notice(
        hop,
        "this one is %s %s than that of the server"
            .formatted(words(Math.abs(laterMs)), laterMs > 0 ? "later" : "earlier"),
        "set the one that is wrong, by NTP for example; records are dated by this one (_ts_src)");
  }

  private static String words(long ms) {
    Duration time = Duration.ofMillis(ms);
    return time.toDays() > 0
        ? "%d d %d h".formatted(time.toDays(), time.toHoursPart())
        : time.toHours() > 0
            ? "%d h %d min".formatted(time.toHours(), time.toMinutesPart())
            : "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart());
  }

  /**
   * @param acknowledged whether it has chosen our subprotocol
   * @param spillway whether what answers there says that it is Spillway
   */
  static HopFinding acknowledgements(
      String hop, UplinkMode mode, boolean acknowledged, boolean spillway) {
    if (acknowledged) {
      return HopFinding.ok(hop, "acknowledged: the server speaks spillway.v1");
    }
    if (mode == UplinkMode.PLAIN) {
      return spillway
          ? HopFinding.notice(
              hop,
              "plain, as edge.uplink.mode asks: what the server has read counts as stored",
              "set edge.uplink.mode to auto or acknowledged: this server can acknowledge")
          : HopFinding.ok(hop, "plain, as edge.uplink.mode asks");
    }
    return spillway
        ? HopFinding.failed(
            hop,
            "plain, though a Spillway server answers there: nothing is acknowledged, and what a"
                + " server has acknowledged before does not go to a plain one",
            "see what the proxy on the way strips, below")
        : HopFinding.notice(
            hop,
            "plain: what the server has read counts as stored, and is lost if it is not",
            "nothing but a Spillway server acknowledges; edge.uplink.mode acknowledged refuses any"
                + " other");
  }

  /**
   * @param nanos one for each ping
   * @param patienceMs for how long an edge waits for a pong
   */
  static HopFinding roundTrip(String hop, long[] nanos, long patienceMs) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    double worstMs = sorted[sorted.length - 1] / MS;
    String words =
        String.format(
            Locale.ROOT,
            "%.1f ms, at worst %.1f ms (%d pings)",
            sorted[sorted.length / 2] / MS,
            worstMs,
            sorted.length);
    return worstMs < SLOW_MS && worstMs < patienceMs / 2.0
        ? HopFinding.ok(hop, words)
        : HopFinding.notice(
            hop,
            words + "; a link is given up after " + patienceMs + " ms without a sign of life",
            "see what fills the line, or raise edge.uplink.pongTimeoutMs");
  }

  /**
   * What stands between edge and server.
   *
   * @param through what it calls itself; empty if nothing is seen
   * @param spillway see above
   * @param protocol whether the subprotocol has come through; true if none was offered
   * @param compression likewise the compression
   */
  static HopFinding proxy(
      String hop, String through, boolean spillway, boolean protocol, boolean compression) {
    String by = by(through);
    if (!spillway) {
      return HopFinding.skipped(
          hop, "not known: what answers there does not say that it is Spillway" + by);
    }
    if (!protocol) {
      return HopFinding.failed(
          hop,
          "something on the way" + by + " takes Sec-WebSocket-Protocol away",
          "have it pass that header on, of the request and of the answer: in nginx take out"
              + " proxy_set_header Sec-WebSocket-Protocol and proxy_hide_header, and compare"
              + " with deploy/nginx/bridge.conf");
    }
    if (!compression) {
      return HopFinding.notice(
          hop,
          "something on the way"
              + by
              + " takes Sec-WebSocket-Extensions away: edge.uplink.compress"
              + " does nothing",
          "have it pass that header on, or compress there");
    }
    return HopFinding.ok(
        hop,
        through.isEmpty()
            ? "none is seen, and nothing is stripped"
            : through + ", which strips nothing that matters");
  }
}
