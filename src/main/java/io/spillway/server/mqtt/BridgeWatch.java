package io.spillway.server.mqtt;

import io.spillway.server.part.FlowControl;
import io.spillway.server.part.Keepalive;
import io.spillway.wire.CloseCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What becomes of a bridge as time passes: whether its two sides are there, take what is sent to
 * them, and get on. It knows no clock; times are {@linkplain io.spillway.server.part.AwakeTime
 * awake}, in nanoseconds.
 */
final class BridgeWatch {
  /** Whoever has not answered a close by then is cut off. */
  private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** What is to be done. */
  enum Action {
    NOTHING,
    /** A ping is due. */
    PING,
    /** Both sides are to be closed. */
    CLOSE,
    /** A close was not answered: the connections are to be ended as they are. */
    CUT
  }

  /**
   * What a look has found.
   *
   * @param code null unless both sides are to be closed
   */
  record Verdict(Action action, CloseCode code, String reason) {
    private static final Verdict NOTHING = new Verdict(Action.NOTHING, null, "");
    private static final Verdict PING = new Verdict(Action.PING, null, "");
    private static final Verdict CUT = new Verdict(Action.CUT, null, "");

    private static Verdict close(CloseCode code, String reason) {
      return new Verdict(Action.CLOSE, code, reason);
    }
  }

  private final Duration connect;
  private final Duration ping;
  private final Duration idle;
  private final Keepalive keepalive;

  /** What the browser takes of what it is sent; to be told of that, and to look at it. */
  final FlowControl toBrowser;

  /** Likewise of the broker. */
  final FlowControl toBroker;

  /** When the latest packet of the browser began. */
  private long packetNanos;

  private boolean browserFull;
  private boolean brokerFull;
  private boolean closing;
  private long closingNanos;

  /**
   * @param connect how long the browser may take to say CONNECT, and the broker to answer that
   * @param ping time between pings
   * @param idle a browser not heard of for this long is closed
   * @param nowNanos when both were connected
   */
  BridgeWatch(Duration connect, Duration ping, Duration idle, long nowNanos) {
    this.connect = connect;
    this.ping = ping;
    this.idle = idle;
    keepalive = new Keepalive(nowNanos);
    toBrowser = new FlowControl(nowNanos);
    toBroker = new FlowControl(nowNanos);
    packetNanos = nowNanos;
  }

  /** The browser has let something be heard. */
  void heard(long nowNanos) {
    keepalive.heard(nowNanos);
  }

  /** A packet of the browser begins; whether it has ended says the filter. */
  void packetBegins(long nowNanos) {
    packetNanos = nowNanos;
  }

  /**
   * Whether so much waits for one side or the other that nothing more is read. What the browser has
   * sent meanwhile lies unread, so its times begin anew when reading goes on.
   */
  void full(boolean browser, boolean broker, long nowNanos) {
    if (isFull() && !browser && !broker) {
      keepalive.heard(nowNanos);
      packetNanos = nowNanos;
    }
    browserFull = browser;
    brokerFull = broker;
  }

  /** Whether either side takes nothing now. */
  boolean isFull() {
    return browserFull || brokerFull;
  }

  /** Whether the browser has more waiting for it than it should. */
  boolean isBrowserFull() {
    return browserFull;
  }

  /** Both sides are being closed. False if that was so before. */
  boolean close(long nowNanos) {
    if (closing) {
      return false;
    }
    closing = true;
    closingNanos = nowNanos;
    return true;
  }

  boolean isClosing() {
    return closing;
  }

  /**
   * Looks at the time; from time to time, when {@link #toBrowser} and {@link #toBroker} have looked
   * and {@link #full} has been told.
   *
   * @param slow how long a side for which too much waits may take nothing
   */
  Verdict look(long nowNanos, Duration slow, PacketFilter filter) {
    if (closing) {
      return nowNanos - closingNanos > CLOSING_NANOS ? Verdict.CUT : Verdict.NOTHING;
    }
    if (browserFull && toBrowser.stands(nowNanos, slow)) {
      return Verdict.close(CloseCode.TOO_SLOW, "too slow: took nothing for " + words(slow));
    }
    if (brokerFull && toBroker.stands(nowNanos, slow)) {
      return Verdict.close(CloseCode.TRY_LATER, "the broker takes nothing");
    }
    if (!filter.isAnswered() && nowNanos - keepalive.openedNanos() > connect.toNanos()) {
      return notConnected(nowNanos, filter);
    }
    if (!isFull() && keepalive.isGone(nowNanos, idle.toNanos())) {
      return Verdict.close(CloseCode.GOING_AWAY, "nothing heard for " + words(idle));
    }
    if (!isFull() && filter.isUnfinished() && nowNanos - packetNanos > idle.toNanos()) {
      return Verdict.close(CloseCode.POLICY, "a packet unfinished for " + words(idle));
    }
    if (keepalive.isPingDue(nowNanos, ping.toNanos())) {
      keepalive.pinged(nowNanos);
      return Verdict.PING;
    }
    return Verdict.NOTHING;
  }

  private Verdict notConnected(long nowNanos, PacketFilter filter) {
    if (!filter.isConnected()) {
      return Verdict.close(CloseCode.POLICY, "no CONNECT within " + words(connect));
    }
    return nowNanos - keepalive.openedNanos() > 2 * connect.toNanos()
        ? Verdict.close(CloseCode.TRY_LATER, "the broker does not answer CONNECT")
        : Verdict.NOTHING;
  }

  private static String words(Duration time) {
    long ms = time.toMillis();
    return ms % 1_000 == 0 ? ms / 1_000 + " s" : ms + " ms";
  }
}
