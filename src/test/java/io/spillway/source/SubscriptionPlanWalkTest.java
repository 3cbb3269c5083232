package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.retry.Backoff;
import io.spillway.source.SubscriptionPlan.Request;
import io.spillway.source.SubscriptionPlan.Subscribe;
import io.spillway.topic.TopicFilter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * An edge that reloads, stops and crashes, and a broker that refuses, forgets, goes away and comes
 * back with an older state, at any moment. Always: the file knows of each filter that the broker
 * has, and no topic is given up that was configured when that was sent. In the end, when the faults
 * end: the broker has what is configured.
 */
@DisplayName("Subscriptions, whatever happens and in whatever order,")
class SubscriptionPlanWalkTest {
  private static final List<List<String>> CONFIGURATIONS =
      List.of(List.of("p/#"), List.of("p/+", "q"), List.of("q", "$share/g/p/a"));
  private static final List<String> TOPICS = List.of("p", "p/a", "p/a/b", "q");
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), bound -> bound - 1);
  private static final int DEPTH = 4;
  private static final int ROUNDS = 60;

  private enum Event {
    CONFIGURE_0,
    CONFIGURE_1,
    CONFIGURE_2,
    EDGE_STARTS_OR_CRASHES,
    LINK_COMES_OR_GOES,
    FILE_WRITTEN,
    BROKER_GRANTS,
    BROKER_REFUSES,
    ANSWER_COMES,
    BROKER_FORGETS,
    BROKER_SAVES,
    BROKER_COMES_BACK_AS_SAVED,
    TIME_PASSES
  }

  /** A packet, and which topics were configured when it was sent. */
  private record Sent(Request request, Set<String> covered) {}

  private record Answer(Request request, int code) {}

  /** Both sides, the file between two lives of the edge, and the link with what is on it. */
  private static final class World {
    private final Set<String> broker = new HashSet<>();
    private final Deque<Sent> toBroker = new ArrayDeque<>();
    private final Deque<Answer> toEdge = new ArrayDeque<>();
    private List<String> configured = CONFIGURATIONS.get(0);
    private KnownFilters file = KnownFilters.NONE;
    private KnownFilters writing;
    private Set<String> saved = Set.of();
    private boolean sessionSaved;
    private Sent held;
    private SubscriptionPlan edge;
    private boolean session;
    private boolean link;
    private long nowMs;

    void happens(Event event) {
      switch (event) {
        case CONFIGURE_0 -> configure(CONFIGURATIONS.get(0));
        case CONFIGURE_1 -> configure(CONFIGURATIONS.get(1));
        case CONFIGURE_2 -> configure(CONFIGURATIONS.get(2));
        case EDGE_STARTS_OR_CRASHES -> startOrCrash();
        case LINK_COMES_OR_GOES -> comeOrGo();
        case FILE_WRITTEN -> written();
        case BROKER_GRANTS -> broker(1);
        case BROKER_REFUSES -> broker(0x80);
        case ANSWER_COMES -> answer();
        case BROKER_FORGETS -> {
          cut();
          session = false;
          broker.clear();
        }
        case BROKER_SAVES -> {
          saved = Set.copyOf(broker);
          sessionSaved = session;
        }
        case BROKER_COMES_BACK_AS_SAVED -> {
          cut();
          session = sessionSaved;
          broker.clear();
          broker.addAll(saved);
        }
        case TIME_PASSES -> nowMs += 70_000;
      }
      advance();
      assertThat(known(file)).containsAll(broker);
    }

    private void configure(List<String> filters) {
      configured = filters;
      if (edge != null) {
        edge.want(configured);
      }
    }

    private void startOrCrash() {
      if (edge == null) {
        edge = new SubscriptionPlan(1, BACKOFF, BACKOFF, configured, file);
        return;
      }
      cut();
      edge = null;
      writing = null;
    }

    private void comeOrGo() {
      if (link) {
        cut();
      } else if (edge != null) {
        link = true;
        edge.connected(session);
        session = true;
      }
    }

    private void cut() {
      link = false;
      held = null; // it was for that link
      toBroker.clear();
      toEdge.clear();
      if (edge != null) {
        edge.disconnected();
      }
    }

    /** As {@link Subscriber} does: nothing is sent before it is on the disk. */
    private void advance() {
      if (edge == null || writing != null) {
        return;
      }
      Request request = edge.next(nowMs, packetId -> false);
      Sent sent = request == null ? null : new Sent(request, covered(configured));
      if (sent != null && !(request instanceof Subscribe)) {
        assertThat(request.filters()).doesNotContainAnyElementsOf(configured);
      }
      if (edge.known().equals(file)) {
        send(sent);
      } else {
        writing = edge.known();
        held = sent;
      }
    }

    private void written() {
      if (writing != null) {
        file = writing;
        writing = null;
        send(held);
        held = null;
      }
    }

    private void send(Sent sent) {
      if (sent != null && link) {
        toBroker.add(sent);
      }
    }

    private void broker(int code) {
      Sent sent = toBroker.poll();
      if (sent == null) {
        return;
      }
      Set<String> before = covered(broker);
      boolean subscribe = sent.request() instanceof Subscribe;
      if (!subscribe) {
        broker.removeAll(Set.copyOf(sent.request().filters()));
      } else if (code < 0x80) {
        broker.addAll(sent.request().filters());
      }
      before.retainAll(sent.covered());
      assertThat(covered(broker)).containsAll(before);
      toEdge.add(new Answer(sent.request(), code));
    }

    private void answer() {
      Answer answer = toEdge.poll();
      if (answer == null) {
        return;
      }
      Request request = answer.request();
      if (request instanceof Subscribe) {
        List<Integer> codes = request.filters().stream().map(each -> answer.code()).toList();
        edge.subscribed(request.packetId(), codes, nowMs);
      } else {
        edge.unsubscribed(request.packetId());
      }
    }

    /** No more faults: all gets done. */
    void ends() {
      for (int i = 0; i < 3; i++) {
        if (edge == null) {
          happens(Event.EDGE_STARTS_OR_CRASHES);
        }
        if (!link) {
          happens(Event.LINK_COMES_OR_GOES);
        }
        for (int step = 0; step < 4; step++) {
          happens(Event.FILE_WRITTEN);
          happens(Event.BROKER_GRANTS);
          happens(Event.ANSWER_COMES);
        }
        happens(Event.TIME_PASSES);
      }
      assertThat(broker).containsExactlyInAnyOrderElementsOf(configured);
      assertThat(file.atBroker()).isEqualTo(broker);
      assertThat(edge.isSettled()).isTrue();
      assertThat(edge.shortfall().codes()).isEmpty();
    }

    private static Set<String> known(KnownFilters file) {
      Set<String> known = new HashSet<>(file.atBroker());
      known.addAll(file.former());
      return known;
    }

    private static Set<String> covered(Collection<String> filters) {
      Set<String> covered = new HashSet<>();
      for (String filter : filters) {
        TopicFilter parsed = TopicFilter.ofSubscription(filter);
        TOPICS.stream().filter(parsed::matches).forEach(covered::add);
      }
      return covered;
    }
  }

  @Test
  @DisplayName(
      "become what is configured, and nothing is lost meanwhile: every order of four events")
  void everyOrder() {
    for (boolean running : new boolean[] {false, true}) {
      walk(new ArrayList<>(), running);
    }
  }

  private static void walk(List<Event> events, boolean running) {
    play(events, running);
    if (events.size() < DEPTH) {
      for (Event event : Event.values()) {
        events.add(event);
        walk(events, running);
        events.remove(events.size() - 1);
      }
    }
  }

  @Test
  @DisplayName("become what is configured, and nothing is lost meanwhile: long random walks")
  void longWalks() {
    long seed = Long.getLong("seed", 1);
    Random random = new Random(seed);
    for (int walk = 0; walk < 5_000; walk++) {
      List<Event> events = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        events.add(Event.values()[random.nextInt(Event.values().length)]);
      }
      try {
        play(events, random.nextBoolean());
      } catch (AssertionError e) {
        throw new AssertionError("-Dseed=" + seed + ", walk " + walk, e);
      }
    }
  }

  /** From nothing, or from an edge that has been running for a while. */
  private static void play(List<Event> events, boolean running) {
    World world = new World();
    try {
      if (running) {
        world.ends();
      }
      events.forEach(world::happens);
      world.ends();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError((running ? "running, " : "") + events + ": " + e, e);
    }
  }
}
