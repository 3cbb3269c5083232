package io.spillway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.batch.Flight.Sent;
import io.spillway.batch.SendWindow.Oversized;
import io.spillway.batch.SendWindow.Step;
import io.spillway.config.BatchConfig;
import io.spillway.kit.Depth;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Not some walks but all of them: every state that the window, the link and a server can be in
 * together, for a few records of which two are too large, with so many faults at any moment. Two
 * histories that end in the same state have the same future, so each state is gone on from once.
 */
@DisplayName("The send window, in every state there is,")
class SendWindowEnumerationTest {
  private static final int BATCH_RECORDS = 2;
  private static final BatchConfig BATCH =
      new BatchConfig(Duration.ofMillis(500), BATCH_RECORDS, 1_000);
  private static final int SETTLED_WITHIN = 200;

  /**
   * What can happen to the edge. FAIL_, LOSE_, TIME_OUT and DROP are faults, of which there are
   * few; HURRY and FINISH are wishes, which nothing must depend on.
   */
  private enum Event {
    APPEND,
    TIME_PASSES,
    READ,
    FAIL_READ,
    SET_ASIDE,
    FAIL_SET_ASIDE,
    ARRIVE,
    ANSWER,
    LOSE_ANSWER,
    LOSE_CONNECTION,
    TIME_OUT,
    DROP_OLDEST,
    HURRY,
    FINISH;

    boolean isFault() {
      return switch (this) {
        case FAIL_READ, FAIL_SET_ASIDE, LOSE_ANSWER, LOSE_CONNECTION, TIME_OUT, DROP_OLDEST -> true;
        default -> false;
      };
    }

    boolean isWish() {
      return this == HURRY || this == FINISH;
    }
  }

  static Stream<Arguments> rows() {
    return Depth.everyNth(
        3,
        List.of(
            Arguments.of(3, 1, 2, 3),
            Arguments.of(3, 1, 3, 3),
            Arguments.of(3, 2, 3, 3),
            Arguments.of(4, 2, 4, 2)));
  }

  @ParameterizedTest(name = "with {0} records, too large: {1} and {2}, and {3} faults")
  @DisplayName("loses and doubles no record, keeps the order, and gets to the end when faults end,")
  @MethodSource("rows")
  void all(int records, long large, long alsoLarge, int faults) {
    Deque<List<Event>> open = new ArrayDeque<>();
    Map<String, List<Event>> seen = new HashMap<>();
    open.add(List.of());
    while (!open.isEmpty()) {
      List<Event> history = open.poll();
      for (Event event : Event.values()) {
        List<Event> longer = new ArrayList<>(history);
        longer.add(event);
        World world = new World(records, large, alsoLarge, faults);
        try {
          world.replay(history);
          if (world.can(event)) {
            world.happens(event);
            if (seen.putIfAbsent(world.state(), longer) == null) {
              open.add(longer);
              world.settle();
            }
          }
        } catch (AssertionError | RuntimeException error) {
          throw new AssertionError(longer + ": " + error.getMessage(), error);
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(1_000);
  }

  /** A spool, a link and a server that are plain lists, around the window. */
  private static final class World {
    private final int records;
    private final TreeSet<Long> tooLarge = new TreeSet<>();
    private final List<Long> stored = new ArrayList<>();
    private final TreeSet<Long> setAside = new TreeSet<>();
    private final TreeSet<Long> dropped = new TreeSet<>();
    private final Deque<Sent> outbound = new ArrayDeque<>();

    /** Of those the ones that nobody waits for any more; they arrive all the same. */
    private final Set<Sent> timedOut = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Deque<Answer> inbound = new ArrayDeque<>();
    private final DrainProgress progress;
    private final SendWindow window;
    private boolean finishing;
    private int faultsLeft;
    private long nowMs;
    private long first = 1;
    private long next = 1;
    private long mark = 1;
    private long readingFrom; // 0: nothing is read
    private Oversized settingAside;

    /** What the server says to a batch: it has all below {@code next}, or one of the refusals. */
    private record Answer(Sent sent, long next, boolean gap, boolean tooLarge) {}

    World(int records, long large, long alsoLarge, int faults) {
      this.records = records;
      tooLarge.addAll(List.of(large, alsoLarge));
      faultsLeft = faults;
      progress = new DrainProgress(BATCH, nowMs);
      window = new SendWindow(1, 1, BATCH, progress, nowMs);
    }

    void replay(List<Event> history) {
      history.forEach(this::happens);
    }

    boolean can(Event event) {
      boolean possible =
          switch (event) {
            case APPEND -> next <= records;
            case TIME_PASSES -> isWaiting();
            case READ, FAIL_READ -> readingFrom > 0;
            case SET_ASIDE, FAIL_SET_ASIDE -> settingAside != null;
            case ARRIVE -> !outbound.isEmpty();
            case ANSWER, LOSE_ANSWER -> !inbound.isEmpty();
            case TIME_OUT -> !timedOut.containsAll(outbound);
            case HURRY -> next > window.acknowledged();
            case FINISH -> !finishing;
            case LOSE_CONNECTION -> !outbound.isEmpty() || !inbound.isEmpty();
            case DROP_OLDEST -> first < next;
          };
      return possible && (!event.isFault() || faultsLeft > 0);
    }

    void happens(Event event) {
      faultsLeft -= event.isFault() ? 1 : 0;
      switch (event) {
        case APPEND -> window.appended(++next, nowMs);
        case TIME_PASSES -> nowMs = window.wakeAtMs(nowMs);
        case READ -> read();
        case FAIL_READ -> {
          readingFrom = 0;
          window.cannotRead(nowMs);
        }
        case SET_ASIDE -> setAside();
        case FAIL_SET_ASIDE -> {
          settingAside = null;
          window.cannotSetAside(nowMs);
        }
        case ARRIVE -> arrive(outbound.poll());
        case ANSWER -> answered(inbound.poll());
        case LOSE_ANSWER -> window.failed(inbound.poll().sent(), nowMs);
        case LOSE_CONNECTION -> loseConnection();
        case TIME_OUT -> timeOut();
        case HURRY -> window.hurry(nowMs);
        case FINISH -> {
          finishing = true;
          window.finish();
        }
        case DROP_OLDEST -> dropOldest();
      }
      act();
      check();
    }

    private boolean isWaiting() {
      return readingFrom == 0 && settingAside == null && window.next(nowMs) == Step.WAIT;
    }

    /** The drain takes every step as soon as there is one. */
    private void act() {
      Step step = window.next(nowMs);
      if (step == Step.READ || step == Step.SET_ASIDE) {
        assertThat(readingFrom > 0 || settingAside != null).as("two at once").isFalse();
      }
      if (step == Step.READ) {
        readingFrom = window.position();
      } else if (step == Step.SET_ASIDE) {
        settingAside = window.oversized();
      } else if (step == Step.WAIT) {
        assertThat(window.wakeAtMs(nowMs)).isGreaterThan(nowMs);
      }
    }

    private void read() {
      long from = Math.max(readingFrom, first);
      int count = (int) Math.min(next - from, BATCH_RECORDS);
      readingFrom = 0;
      Sent sent = window.read(from, count, count, nowMs);
      if (sent != null) {
        assertThat(sent.first()).as("sent").isGreaterThanOrEqualTo(first);
        outbound.add(sent);
      }
    }

    private void setAside() {
      long offset = settingAside.offset();
      settingAside = null;
      if (offset < first) {
        assertThat(window.setAside(offset, nowMs)).isFalse();
      } else if (window.setAside(offset + 1, nowMs)) {
        assertThat(tooLarge).as("set aside").contains(offset);
        assertThat(setAside.add(offset)).as("set aside once").isTrue();
      }
    }

    /** The server takes what joins what it has, up to a record that is too large. */
    private void arrive(Sent sent) {
      boolean hole = LongStream.range(mark, sent.first()).anyMatch(n -> !isGivenUp(n));
      if (hole) {
        reply(new Answer(sent, mark, true, false));
        return;
      }
      mark = Math.max(mark, sent.first());
      while (mark < sent.next() && !tooLarge.contains(mark)) {
        stored.add(mark++);
      }
      reply(new Answer(sent, mark, false, mark <= sent.first()));
    }

    private void reply(Answer answer) {
      if (!timedOut.remove(answer.sent())) {
        inbound.add(answer);
      }
    }

    /** The oldest batch that somebody waits for: no more, although it is still on its way. */
    private void timeOut() {
      Sent late = outbound.stream().filter(sent -> !timedOut.contains(sent)).findFirst().get();
      timedOut.add(late);
      window.failed(late, nowMs);
    }

    private boolean isGivenUp(long n) {
      return setAside.contains(n) || dropped.contains(n) || n < first;
    }

    private void answered(Answer answer) {
      if (answer.gap()) {
        window.gap(answer.sent(), nowMs);
      } else if (answer.tooLarge()) {
        window.tooLarge(answer.sent(), "too large", nowMs);
      } else {
        window.acknowledged(answer.sent(), answer.next(), nowMs);
      }
    }

    /** What is under way is lost; on the next connection the server says where it is. */
    private void loseConnection() {
      List<Sent> lost = new ArrayList<>();
      inbound.forEach(answer -> lost.add(answer.sent()));
      outbound.stream().filter(sent -> !timedOut.contains(sent)).forEach(lost::add);
      inbound.clear();
      outbound.clear();
      timedOut.clear();
      lost.forEach(sent -> window.failed(sent, nowMs));
      window.acknowledged(mark, nowMs);
    }

    private void dropOldest() {
      long acknowledged = window.acknowledged();
      long lost = window.dropped(first + 1, 1, nowMs);
      assertThat(lost).isEqualTo(first >= acknowledged ? 1 : 0);
      if (lost == 1 && first >= mark) {
        dropped.add(first);
      }
      first++;
      mark = Math.max(mark, window.acknowledged());
    }

    private void check() {
      assertThat(stored).as("stored once and in order").isSorted().doesNotHaveDuplicates();
      for (long n = 1; n < window.acknowledged(); n++) {
        boolean known = stored.contains(n) || isGivenUp(n);
        assertThat(known).as("record %d was let go", n).isTrue();
      }
    }

    /** From now on all works: everything has to get to where it belongs. */
    void settle() {
      for (int turn = 0; window.acknowledged() <= records; turn++) {
        assertThat(turn).as("turns, at %d", window.acknowledged()).isLessThan(SETTLED_WITHIN);
        for (Event event : Event.values()) {
          if (!event.isFault() && !event.isWish() && can(event)) {
            happens(event);
          }
        }
      }
      List<Long> belongsThere =
          LongStream.rangeClosed(1, records)
              .boxed()
              .filter(n -> !setAside.contains(n) && !dropped.contains(n))
              .toList();
      assertThat(stored).isEqualTo(belongsThere);
      assertThat(tooLarge).containsAll(setAside);
    }

    /** Everything that the future depends on; times as seen from now. */
    String state() {
      StringBuilder state = new StringBuilder(200);
      state.append(first).append(' ').append(next).append(' ').append(mark).append(' ');
      state.append(readingFrom).append(settingAside).append(faultsLeft);
      state.append(stored).append(setAside).append(dropped);
      outbound.forEach(
          sent -> {
            describe(sent, state);
            state.append(timedOut.contains(sent) ? "late " : "");
          });
      state.append('|');
      for (Answer answer : inbound) {
        describe(answer.sent(), state);
        state.append(answer.next()).append(answer.gap()).append(answer.tooLarge());
      }
      for (Field field : SendWindow.class.getDeclaredFields()) {
        Object value = value(field);
        if (value instanceof Long ms && field.getName().endsWith("Ms")) {
          state.append(Math.max(0, ms - nowMs));
        } else if (!(value instanceof DrainProgress || value instanceof BatchConfig)) {
          state.append(value instanceof Flight ? "" : value);
        }
        state.append(',');
      }
      return state.toString();
    }

    private void describe(Sent sent, StringBuilder state) {
      Object current = value(field("flight"));
      state.append(sent.first()).append('-').append(sent.next());
      state.append(sent.flight() == current ? "now " : "before ");
    }

    private Object value(Field field) {
      try {
        field.setAccessible(true);
        return field.get(window);
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }

    private static Field field(String name) {
      try {
        return SendWindow.class.getDeclaredField(name);
      } catch (NoSuchFieldException e) {
        throw new AssertionError(e);
      }
    }
  }
}
