package io.spillway.uplink;

import io.spillway.bus.Batch;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.Loss;
import io.spillway.config.UplinkConfig;
import io.spillway.config.UplinkMode;
import io.spillway.retry.Backoff;
import io.spillway.retry.OutageLog;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;

/**
 * What one connection after the other has shown of the server: whether the link is up, how long to
 * wait before the next attempt, and whether the server is to be believed.
 */
final class LinkHistory {
  /** As many failures: the longest wait. */
  private static final int LONG = 30;

  private static final int AT_ONCE = -1; // in the place of an attempt that waits
  private static final int LOSSES_MAX = 100;

  private final Logger log;
  private final OutageLog link;
  private final Backoff backoff;

  private int attempt;

  /** It was taken down to say hello again: for each record set aside, at a server without skip. */
  private boolean quietly;

  /** The server broke the protocol, or does not let this edge in: up is more than connected. */
  private boolean doubted;

  private boolean plain;
  private boolean plainTold;
  private String acknowledgedEpoch = "";
  private long lost;
  private final List<Lost> losses = new ArrayList<>();
  private Fault lostFault = Fault.NONE;

  LinkHistory(Logger log, UplinkConfig config) {
    this.log = log;
    link = new OutageLog(log, "[uplink]");
    backoff = new Backoff(config.reconnect(), config.reconnectMax());
  }

  /** A connection is there. */
  void connected(String url, boolean isPlain) {
    plain = isPlain;
    if (!doubted) {
      link.up();
      if (!quietly) {
        log.info("[uplink] connected to {} ({})", url, plain ? "plain" : "acknowledged");
      }
    }
    if (plain && !plainTold) {
      plainTold = true;
      log.warn(
          "[uplink] {} gives no acknowledgements: what it has read counts as stored, and is lost if"
              + " it is not. A proxy may have taken Sec-WebSocket-Protocol away; edge.uplink.mode"
              + " says what is allowed",
          url);
    }
    plainTold &= plain;
  }

  /**
   * The server has said where to go on with this epoch.
   *
   * @param idle it has everything: there will be no acknowledgement to go by
   */
  void welcomed(String epoch, boolean idle) {
    acknowledgedEpoch = epoch;
    if (idle) {
      believed();
    }
  }

  /** Only now the link has proved itself: a server may welcome, and then fail to store. */
  void acknowledged() {
    attempt = 0;
    believed();
  }

  private void believed() {
    doubted = false;
    link.up();
  }

  /** The next attempt is the first of a new row. */
  void beginAgain() {
    attempt = 0;
  }

  /** The link is all right, and is taken down to begin it anew: the next attempt does not wait. */
  void helloAgain() {
    attempt = AT_ONCE;
  }

  /**
   * It is down.
   *
   * @return how long to wait before the next attempt, in milliseconds
   */
  long down(Fault why) {
    quietly = attempt == AT_ONCE;
    if (!quietly) {
      link.down(why);
    }
    long delayMs = attempt == AT_ONCE ? 1 : Math.max(1, backoff.before(attempt).toMillis());
    attempt++;
    return delayMs;
  }

  /** The same, where it will be no better soon. */
  long distrusted(Fault why) {
    doubted = true;
    attempt = Math.max(attempt, LONG);
    return down(why);
  }

  /**
   * The server does not have any more what it, or another, had acknowledged. It may say so more
   * than once, and then each number counts once.
   */
  void lost(Loss gone) {
    Lost loss = new Lost(gone.series(), gone.from(), gone.next());
    long fresh = gone.next() - gone.from() - losses.stream().mapToLong(loss::common).sum();
    if (fresh == 0) {
      return;
    }
    lost += Math.min(fresh, gone.least());
    remember(loss);
    lostFault =
        new Fault(
            FaultKind.LOST,
            ("the server does not have %s of %s, which were acknowledged and are let go of"
                    + " here: its data are of an earlier time, or it is another server, or has lost"
                    + " its marks.json; put the newer data back, or fetch them from where else they"
                    + " went. Told until the next start")
                .formatted(range(gone), gone.series()));
    log.error("[uplink] {}", lostFault.words());
  }

  private static String range(Loss gone) {
    boolean more = gone.held() > gone.next() && gone.assuredFrom() <= gone.from();
    return gone.range() + (more ? "," : "");
  }

  /** Which of them were told, in ranges that do not overlap; the oldest of many is forgotten. */
  private void remember(Lost loss) {
    Lost all = loss;
    for (Lost each : List.copyOf(losses)) {
      if (each.touches(all)) {
        losses.remove(each);
        all = all.with(each);
      }
    }
    losses.add(all);
    if (losses.size() > LOSSES_MAX) {
      losses.remove(0);
    }
  }

  /**
   * Numbers of one epoch.
   *
   * @param from the first, {@code next} behind the last
   */
  private record Lost(String epoch, long from, long next) {
    /** How many are in both. */
    long common(Lost other) {
      return touches(other) ? Math.min(next, other.next) - Math.max(from, other.from) : 0;
    }

    Lost with(Lost other) {
      return new Lost(epoch, Math.min(from, other.from), Math.max(next, other.next));
    }

    /** Whether both together are a range without a hole. */
    boolean touches(Lost other) {
      return other.epoch.equals(epoch) && other.from <= next && from <= other.next;
    }
  }

  /** Records that were acknowledged and are not at the server any more. */
  long lost() {
    return lost;
  }

  /** Why it does not work; or else what the server has lost. */
  Fault fault() {
    return link.fault().or(lostFault);
  }

  /** The last connection had no acknowledgements. */
  boolean isPlain() {
    return plain;
  }

  /** Whether a server has acknowledged something of this epoch, as far as is known here. */
  boolean isAcknowledged(Batch batch) {
    return batch.origin().acknowledged() || batch.epoch().equals(acknowledgedEpoch);
  }

  /** Why this batch must not go to a plain server; null if it may. */
  String forbidsPlain(Batch batch, UplinkMode mode) {
    return mode == UplinkMode.AUTO && isAcknowledged(batch)
        ? "what answers does not speak spillway.v1 any more, in which this spool's records were"
            + " acknowledged before: a wrong address, or a proxy that takes Sec-WebSocket-Protocol"
            + " away; edge.uplink.mode plain would send them all the same"
        : null;
  }
}
