package io.spillway.source;

import io.spillway.retry.Backoff;
import io.spillway.topic.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Which packet comes next on the way from what the broker is subscribed to for us to what is
 * configured. A broker keeps the subscriptions of a session (MQTT 3.1.1 section 3.1.2.4), so what
 * was taken out while either was away has to be known from before: {@link #known} is to be on the
 * disk before a packet that {@link #next} gives is sent.
 *
 * <p>What is new is subscribed to first. A filter that is gone is given up when each configured one
 * that it overlaps has been granted, and not at QoS 0 only: no message that both match falls
 * between them. One packet is on its way at a time. Refused filters are asked for again, later and
 * later.
 */
final class SubscriptionPlan {
  /** What stands for a code where the broker has said nothing. */
  static final int UNANSWERED = -1;

  /** After this long without an answer the broker has given none. */
  static final long ANSWER_WITHIN_MS = 10_000;

  /** SUBACK: the codes below are a QoS, those above are refusals (section 3.9.3). */
  private static final int QOS_MAX = 2;

  private static final int AT_LEAST_ONCE = 1;

  private static final int PACKET_ID_MAX = 65_535;

  /** No packet has it (section 2.3.1): all others are taken. */
  private static final int NO_PACKET_ID = 0;

  /** A packet to be sent. */
  sealed interface Request {
    int packetId();

    List<String> filters();
  }

  record Subscribe(int packetId, List<String> filters) implements Request {}

  record Unsubscribe(int packetId, List<String> filters) implements Request {}

  /**
   * What is not as it is configured, while nothing is on its way.
   *
   * @param codes by filter the answer that falls short: a refusal, a lower QoS, or {@link
   *     #UNANSWERED}
   * @param kept filters that are gone, and not given up before those are granted
   */
  record Shortfall(Map<String, Integer> codes, List<String> kept) {}

  /** What the broker has said of a configured filter on this connection. */
  private record Answer(int code, int times, long againAtMs) {}

  private final int qos;
  private final Backoff refused;
  private final Backoff lower;
  private final BrokerFilters atBroker;
  private final Map<String, Answer> answers = new HashMap<>();
  private List<String> wanted;
  private boolean connected;
  private Request open;
  private long openSinceMs;
  private int lastPacketId = PACKET_ID_MAX + 1;
  private int unansweredGoodbyes;
  private long goodbyeAgainAtMs;

  /**
   * @param qos that is asked for
   * @param refused how long to wait before a refused filter is asked for again
   * @param lower likewise one that was granted at a lower QoS: each time that brings its retained
   *     messages once more
   * @param remembered from before
   */
  SubscriptionPlan(
      int qos, Backoff refused, Backoff lower, List<String> wanted, KnownFilters remembered) {
    this.qos = qos;
    this.refused = refused;
    this.lower = lower;
    this.wanted = List.copyOf(wanted);
    this.atBroker = new BrokerFilters(remembered);
  }

  /** Something else is configured. */
  void want(List<String> filters) {
    wanted = List.copyOf(filters);
    answers.keySet().retainAll(wanted);
  }

  /**
   * There is a connection.
   *
   * @param sessionPresent whether the broker has kept a session (section 3.2.2.2)
   */
  void connected(boolean sessionPresent) {
    disconnected();
    connected = true;
    atBroker.connected(sessionPresent);
  }

  /** There is none any more, and nothing is on its way. */
  void disconnected() {
    connected = false;
    open = null;
    unansweredGoodbyes = 0;
    goodbyeAgainAtMs = Long.MIN_VALUE;
    answers.clear(); // a broker that comes back may have an older state: it is asked again
  }

  /**
   * What is to be sent now.
   *
   * @param inFlight whether a packet identifier is that of a message not acknowledged yet; some
   *     brokers take a SUBSCRIBE of the same number for a mistake
   * @return null if there is nothing to be sent, or no identifier is free: so many messages wait
   *     for us to acknowledge them, and each that is leaves one for the next time this is asked
   */
  Request next(long nowMs, IntPredicate inFlight) {
    if (!connected || !mayAsk(nowMs)) {
      return null;
    }
    List<String> due = wanted.stream().filter(filter -> isDue(filter, nowMs)).toList();
    List<String> gone =
        due.isEmpty() && nowMs >= goodbyeAgainAtMs ? gone(atBroker.possible(), true) : List.of();
    int packetId = due.isEmpty() && gone.isEmpty() ? NO_PACKET_ID : freePacketId(inFlight);
    if (packetId == NO_PACKET_ID) {
      return null;
    }
    if (due.isEmpty()) {
      open = new Unsubscribe(packetId, gone);
    } else {
      atBroker.asked(due);
      open = new Subscribe(packetId, due);
    }
    openSinceMs = nowMs;
    return open;
  }

  /** Nobody listens to the broker: it has its full time for an answer from now on. */
  void deaf(long nowMs) {
    openSinceMs = nowMs;
  }

  /** What the broker may be subscribed to for us, now and once {@link #next} has been sent. */
  KnownFilters known() {
    return atBroker.known();
  }

  /**
   * The broker has answered a SUBSCRIBE.
   *
   * @param codes one for each filter, in order
   * @return the filters that it has granted, at whatever QoS
   */
  List<String> subscribed(int packetId, List<Integer> codes, long nowMs) {
    if (!(open instanceof Subscribe asked) || asked.packetId() != packetId) {
      return List.of(); // too late
    }
    open = null;
    List<String> granted = new ArrayList<>();
    for (int i = 0; i < asked.filters().size(); i++) {
      int code = i < codes.size() ? codes.get(i) : UNANSWERED;
      answered(asked.filters().get(i), code, nowMs);
      if (isGrant(code)) {
        granted.add(asked.filters().get(i));
      }
    }
    return granted;
  }

  /**
   * The broker has answered an UNSUBSCRIBE.
   *
   * @return the filters that it had, as far as was known, and does not have any more
   */
  List<String> unsubscribed(int packetId) {
    if (!(open instanceof Unsubscribe goodbye) || goodbye.packetId() != packetId) {
      return List.of();
    }
    open = null;
    unansweredGoodbyes = 0;
    goodbye.filters().forEach(answers::remove); // whoever wants one again asks again
    return atBroker.gone(goodbye.filters());
  }

  /** Whether the broker has said something about all that is configured. */
  boolean isSettled() {
    return connected && open == null && answers.keySet().containsAll(wanted);
  }

  /** What is not as it should be, once {@link #isSettled}. */
  Shortfall shortfall() {
    Map<String, Integer> codes = new LinkedHashMap<>();
    for (String filter : wanted) {
      int code = answers.get(filter).code();
      if (!isGrant(code) || code < qos) {
        codes.put(filter, code);
      }
    }
    return new Shortfall(codes, gone(atBroker.likely(), false));
  }

  private boolean mayAsk(long nowMs) {
    if (open != null && nowMs - openSinceMs >= ANSWER_WITHIN_MS) {
      if (open instanceof Subscribe asked) {
        asked.filters().forEach(filter -> answered(filter, UNANSWERED, nowMs));
      } else {
        goodbyeAgainAtMs = nowMs + refused.before(unansweredGoodbyes++).toMillis();
      }
      open = null;
    }
    return open == null;
  }

  private void answered(String filter, int code, long nowMs) {
    if (!wanted.contains(filter)) {
      return;
    }
    Answer before = answers.get(filter);
    int times = before == null ? 0 : before.times() + 1;
    long againAtMs =
        !isGrant(code)
            ? nowMs + refused.before(times).toMillis()
            : code < qos ? nowMs + lower.before(times).toMillis() : Long.MAX_VALUE;
    answers.put(filter, new Answer(code, times, againAtMs));
  }

  private boolean isDue(String filter, long nowMs) {
    Answer answer = answers.get(filter);
    return answer == null || nowMs >= answer.againAtMs();
  }

  /** Those of the filters not configured any more that may, or may not yet, be given up. */
  private List<String> gone(List<String> filters, boolean now) {
    return filters.stream()
        .filter(filter -> !wanted.contains(filter) && isReplaced(filter) == now)
        .toList();
  }

  private boolean isReplaced(String gone) {
    TopicFilter filter = TopicFilter.ofSubscription(gone);
    return wanted.stream()
        .allMatch(
            other ->
                (answers.containsKey(other) && isAsSafe(answers.get(other).code()))
                    || !filter.overlaps(TopicFilter.ofSubscription(other)));
  }

  /** At QoS 0 what comes while the edge is away is lost: that replaces nothing but QoS 0. */
  private boolean isAsSafe(int code) {
    return isGrant(code) && code >= Math.min(qos, AT_LEAST_ONCE);
  }

  private static boolean isGrant(int code) {
    return code >= 0 && code <= QOS_MAX;
  }

  /**
   * From the highest on downwards: a broker gives out its own from 1 on, and one without a limit of
   * its own may have given out all. Each is looked at once.
   */
  private int freePacketId(IntPredicate inFlight) {
    for (int looked = 0; looked < PACKET_ID_MAX; looked++) {
      lastPacketId = lastPacketId == 1 ? PACKET_ID_MAX : lastPacketId - 1;
      if (!inFlight.test(lastPacketId)) {
        return lastPacketId;
      }
    }
    return NO_PACKET_ID;
  }
}
