package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.spillway.retry.Backoff;
import io.spillway.source.SubscriptionPlan.Request;
import io.spillway.source.SubscriptionPlan.Shortfall;
import io.spillway.source.SubscriptionPlan.Subscribe;
import io.spillway.source.SubscriptionPlan.Unsubscribe;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Subscriptions")
class SubscriptionPlanTest {
  private static final int QUOTA_EXCEEDED = 0x97;

  private SubscriptionPlan subscriptions;
  private long nowMs = 1_000;

  @Test
  @DisplayName("are asked for together on each connection, also where the session was kept")
  void eachConnection() {
    begin(List.of("a/#", "b"), Set.of("a/#", "b"));
    for (int connection = 0; connection < 3; connection++) {
      subscriptions.connected(true);
      Request request = next();
      assertThat(request).isInstanceOf(Subscribe.class);
      assertThat(request.filters()).containsExactly("a/#", "b");
      assertThat(next()).isNull(); // one at a time
      assertThat(subscriptions.isSettled()).isFalse();
      granted(request);
      assertThat(next()).isNull();
      assertThat(subscriptions.isSettled()).isTrue();
      subscriptions.disconnected();
    }
  }

  @Test
  @DisplayName("that are new are asked for before those that are gone are given up")
  void reloaded() {
    begin(List.of("pws/#", "other"), Set.of());
    subscriptions.connected(false);
    granted(next());

    subscriptions.want(List.of("pws/+", "other"));
    Request fresh = next();
    assertThat(fresh).isInstanceOf(Subscribe.class);
    assertThat(fresh.filters()).containsExactly("pws/+"); // others would bring retained messages
    assertThat(next()).isNull();
    assertThat(subscriptions.known().atBroker())
        .containsExactlyInAnyOrder("pws/#", "other", "pws/+");
    granted(fresh);
    Request gone = next();
    assertThat(gone).isInstanceOf(Unsubscribe.class);
    assertThat(gone.filters()).containsExactly("pws/#");
    subscriptions.unsubscribed(gone.packetId());
    assertThat(subscriptions.known().atBroker()).containsExactlyInAnyOrder("other", "pws/+");
    assertThat(next()).isNull();
  }

  @Test
  @DisplayName("that were taken out while the edge was stopped are given up")
  void takenOutWhileStopped() {
    begin(List.of("new/#"), Set.of("old/#"));
    subscriptions.connected(true);
    granted(next());
    assertThat(next().filters()).containsExactly("old/#");
  }

  @Test
  @DisplayName("that were taken out while the broker was away are given up")
  void takenOutWhileAway() {
    begin(List.of("old/#", "new/#"), Set.of());
    subscriptions.connected(false);
    granted(next());
    subscriptions.disconnected();
    subscriptions.want(List.of("new/#"));
    assertThat(next()).isNull();
    subscriptions.connected(true);
    granted(next());
    assertThat(next().filters()).containsExactly("old/#");
  }

  @Test
  @DisplayName("of a session that the broker has forgotten need not be given up")
  void newSession() {
    begin(List.of("new/#"), Set.of("old/#"));
    subscriptions.connected(false);
    granted(next());
    assertThat(next()).isNull();
    assertThat(subscriptions.known().atBroker()).containsExactly("new/#");
  }

  @Test
  @DisplayName("stay as long as what replaces them is refused, and go where nothing replaces them")
  void refusedReplacement() {
    begin(List.of("a/+", "c"), Set.of("a/#", "b/#"));
    subscriptions.connected(true);
    answered(next(), QUOTA_EXCEEDED, 1);
    Request gone = next();
    assertThat(gone.filters()).containsExactly("b/#");
    subscriptions.unsubscribed(gone.packetId());
    assertThat(next()).isNull();
    assertThat(subscriptions.shortfall())
        .isEqualTo(new Shortfall(Map.of("a/+", QUOTA_EXCEEDED), List.of("a/#")));
    nowMs += 1_000;
    granted(next());
    assertThat(next().filters()).containsExactly("a/#");
  }

  @Test
  @DisplayName("that are refused are asked for again alone, with another identifier, ever later")
  void refused() {
    begin(List.of("a", "b"), Set.of());
    subscriptions.connected(false);
    Request request = next();
    answered(request, 1, QUOTA_EXCEEDED);
    Set<Integer> packetIds = new HashSet<>(Set.of(request.packetId()));
    for (long waitMs : new long[] {1_000, 2_000, 4_000, 8_000, 8_000}) {
      assertThat(subscriptions.shortfall().codes()).isEqualTo(Map.of("b", QUOTA_EXCEEDED));
      nowMs += waitMs - 1;
      assertThat(next()).isNull();
      nowMs += 1;
      request = next();
      assertThat(request.filters()).containsExactly("b");
      assertThat(packetIds.add(request.packetId())).isTrue();
      answered(request, QUOTA_EXCEEDED);
    }
    nowMs += 8_000;
    granted(next());
    assertThat(subscriptions.shortfall().codes()).isEmpty();
    nowMs += 100_000;
    assertThat(next()).isNull();
  }

  @Test
  @DisplayName("at a lower QoS are a shortfall until they are granted")
  void lowerQos() {
    begin(List.of("low/#"), Set.of());
    subscriptions.connected(true);
    answered(next(), 0);
    assertThat(subscriptions.shortfall().codes()).isEqualTo(Map.of("low/#", 0));
    nowMs += 59_999; // each time brings the retained messages once more
    assertThat(next()).isNull();
    nowMs += 1;
    granted(next());
    assertThat(subscriptions.shortfall().codes()).isEmpty();
  }

  @Test
  @DisplayName("stay as long as what replaces them is granted at QoS 0 only, which loses messages")
  void lowerQosReplacement() {
    begin(List.of("a/+"), Set.of("a/#"));
    subscriptions.connected(true);
    answered(next(), 0);
    assertThat(next()).isNull();
    assertThat(subscriptions.shortfall())
        .isEqualTo(new Shortfall(Map.of("a/+", 0), List.of("a/#")));
    nowMs += 60_000;
    granted(next());
    assertThat(next().filters()).containsExactly("a/#");
  }

  @Test
  @DisplayName("go when what replaces them is granted at QoS 1 where 2 was asked for")
  void atLeastOnceReplacement() {
    begin(2, List.of("a/+"), Set.of("a/#"));
    subscriptions.connected(true);
    answered(next(), 1);
    assertThat(next().filters()).containsExactly("a/#");
  }

  @Test
  @DisplayName("that the broker does not answer, or not all of them, are asked for again")
  void unanswered() {
    begin(List.of("a", "b"), Set.of());
    subscriptions.connected(false);
    Request lost = next();
    nowMs += SubscriptionPlan.ANSWER_WITHIN_MS;
    assertThat(next()).isNull(); // by now it is a refusal
    assertThat(subscriptions.shortfall().codes()).containsOnlyKeys("a", "b");
    assertThat(subscriptions.subscribed(lost.packetId(), List.of(1, 1), nowMs)).isEmpty();
    nowMs += 1_000;
    Request again = next();
    assertThat(again.packetId()).isNotEqualTo(lost.packetId());
    assertThat(subscriptions.subscribed(again.packetId(), List.of(1), nowMs)).containsExactly("a");
    assertThat(subscriptions.shortfall().codes())
        .isEqualTo(Map.of("b", SubscriptionPlan.UNANSWERED));
  }

  @Test
  @DisplayName("are not taken for unanswered while nobody listens, however long that is")
  void deaf() {
    begin(List.of("a"), Set.of());
    subscriptions.connected(false);
    Request request = next();
    for (int i = 0; i < 100; i++) {
      nowMs += 500;
      subscriptions.deaf(nowMs);
      assertThat(next()).isNull();
    }
    nowMs += SubscriptionPlan.ANSWER_WITHIN_MS - 1;
    assertThat(next()).isNull();
    granted(request);
    assertThat(subscriptions.isSettled()).isTrue();
    assertThat(subscriptions.shortfall().codes()).isEmpty();
  }

  @Test
  @DisplayName("are asked for with an identifier that no message in flight has")
  void packetIds() {
    begin(List.of("a"), Set.of());
    Set<Integer> used = new HashSet<>();
    for (int round = 0; round < 3; round++) {
      subscriptions.connected(false);
      int packetId = subscriptions.next(nowMs, id -> id > 20 || id == 10).packetId();
      assertThat(packetId).isBetween(1, 20).isNotEqualTo(10);
      assertThat(used.add(packetId)).isTrue();
    }
    for (int round = 0; round < 100; round++) {
      subscriptions.connected(false);
      assertThat(subscriptions.next(nowMs, id -> id > 20).packetId()).isBetween(1, 20);
    }
  }

  @Test
  @DisplayName("that are wanted again while they are being given up are asked for again")
  void wantedAgain() {
    begin(List.of("a", "b"), Set.of());
    subscriptions.connected(false);
    granted(next());
    subscriptions.want(List.of("b"));
    Request gone = next();
    assertThat(gone.filters()).containsExactly("a");
    subscriptions.want(List.of("a", "b"));
    subscriptions.unsubscribed(gone.packetId());
    Request again = next();
    assertThat(again).isInstanceOf(Subscribe.class);
    assertThat(again.filters()).containsExactly("a");
  }

  @Test
  @DisplayName("that were given up are given up again on each kept session: it may be an older one")
  void olderState() {
    begin(List.of("new/#", "old/#"), Set.of());
    subscriptions.connected(false);
    granted(next());
    subscriptions.want(List.of("new/#"));
    assertThat(subscriptions.unsubscribed(next().packetId())).containsExactly("old/#");
    assertThat(next()).isNull();
    for (int connection = 0; connection < 3; connection++) {
      subscriptions.disconnected();
      subscriptions.connected(true);
      granted(next());
      assertThat(subscriptions.shortfall().kept()).isEmpty();
      Request again = next();
      assertThat(again).isInstanceOf(Unsubscribe.class);
      assertThat(again.filters()).containsExactly("old/#");
      assertThat(subscriptions.unsubscribed(again.packetId())).isEmpty(); // nothing to tell
      assertThat(next()).isNull();
      assertThat(subscriptions.known())
          .isEqualTo(new KnownFilters(Set.of("new/#"), List.of("old/#")));
    }
    subscriptions.disconnected();
    subscriptions.connected(false);
    granted(next());
    assertThat(next()).isNull(); // a new session has none
    subscriptions.want(List.of("new/#", "old/#"));
    granted(next());
    assertThat(subscriptions.known().former()).isEmpty();
  }

  @Test
  @DisplayName("that were given up are remembered up to a limit, the latest of them")
  void formerBounded() {
    begin(List.of("a"), Set.of());
    subscriptions.connected(false);
    granted(next());
    for (int n = 0; n <= BrokerFilters.FORMER_MAX; n++) {
      subscriptions.want(List.of("a", "t/" + n));
      granted(next());
      subscriptions.want(List.of("a"));
      subscriptions.unsubscribed(next().packetId());
    }
    assertThat(subscriptions.known().former())
        .hasSize(BrokerFilters.FORMER_MAX)
        .startsWith("t/1")
        .endsWith("t/" + BrokerFilters.FORMER_MAX);
  }

  @Test
  @DisplayName("wait for an identifier while messages that are not acknowledged have all of them")
  void allIdentifiersInFlight() {
    begin(List.of("a"), Set.of());
    subscriptions.connected(false);
    int[] looked = {0};
    Request none =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10), () -> subscriptions.next(nowMs, id -> ++looked[0] > 0));
    assertThat(none).isNull();
    assertThat(looked[0]).isEqualTo(65_535);
    assertThat(subscriptions.known().atBroker()).isEmpty();
    assertThat(subscriptions.isSettled()).isFalse();

    Request asked = subscriptions.next(nowMs, id -> id != 4_711); // its PUBCOMP was sent
    assertThat(asked.packetId()).isEqualTo(4_711);
    granted(asked);
    assertThat(subscriptions.isSettled()).isTrue();
  }

  private void begin(List<String> wanted, Set<String> remembered) {
    begin(1, wanted, remembered);
  }

  private void begin(int qos, List<String> wanted, Set<String> remembered) {
    subscriptions =
        new SubscriptionPlan(
            qos,
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(8), bound -> bound - 1),
            new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(8), bound -> bound - 1),
            wanted,
            new KnownFilters(remembered, List.of()));
  }

  private Request next() {
    return subscriptions.next(nowMs, packetId -> false);
  }

  private void granted(Request request) {
    Integer[] codes = new Integer[request.filters().size()];
    Arrays.fill(codes, 1);
    answered(request, codes);
  }

  private void answered(Request request, Integer... codes) {
    subscriptions.subscribed(request.packetId(), List.of(codes), nowMs);
  }
}
