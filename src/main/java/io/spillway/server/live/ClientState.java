package io.spillway.server.live;

import io.spillway.server.live.Command.Subscribe;
import io.spillway.server.live.LiveMessages.Gap;
import io.spillway.server.records.Selection;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What a client has chosen and has had, and whether it gets it live or from the journal. It knows
 * no network and no clock: it is told what happens, and decides what follows.
 *
 * <pre>
 *   LIVE ◀──────▶ REPLAYING      asked for history, or fell behind; then caught up
 *     └─▶ CLOSING ◀──┘           for ever
 * </pre>
 */
final class ClientState {
  /** Commands that may wait while a client catches up. */
  private static final int COMMANDS_WAITING_MAX = 32;

  /** What a client is to the hub. */
  enum Phase {
    /** Member of a group. */
    LIVE,
    /** Reads the journal to catch up. */
    REPLAYING,
    /** Will get no more. */
    CLOSING
  }

  /**
   * History that a client has asked for, while it is not known yet how far back the journal goes.
   *
   * @param before what it had of what it had chosen until then
   * @param below the offset from which on it gets live what it has chosen now
   */
  record Asked(Subscribe wanted, Coverage before, long below) {}

  /**
   * How history is given: {@code topics} from {@code from} to {@code below}, without what the
   * client {@code had}; then all that it has chosen.
   *
   * @param gap what is asked for and no longer held; null for none
   * @param reset the offset asked for is beyond the end: it is of another journal
   */
  record History(Selection topics, long from, Coverage had, long below, Gap gap, boolean reset) {}

  private Phase phase = Phase.LIVE;
  private Selection selection;

  /** Whether it has subscribed; before, it gets everything and may come to send. */
  private boolean chosen;

  private Coverage covered = Coverage.NONE;

  /** Commands that wait until a replay is done; null for none. */
  private Deque<Command> waiting;

  ClientState(Selection selection) {
    this.selection = selection;
  }

  Phase phase() {
    return phase;
  }

  boolean isLive() {
    return phase == Phase.LIVE;
  }

  boolean isReplaying() {
    return phase == Phase.REPLAYING;
  }

  boolean isClosing() {
    return phase == Phase.CLOSING;
  }

  /** What it gets, or will get when it has caught up. */
  Selection selection() {
    return selection;
  }

  boolean hasChosen() {
    return chosen;
  }

  // --- how it gets it

  /** It is in a group; {@code shared} is its selection, one for all members to save memory. */
  void joined(Selection shared) {
    phase = Phase.LIVE;
    selection = shared;
  }

  /** It goes on from the journal. */
  void replays() {
    phase = Phase.REPLAYING;
  }

  /** It gets no more. False if that was so before. */
  boolean close() {
    boolean open = phase != Phase.CLOSING;
    phase = Phase.CLOSING;
    return open;
  }

  // --- what it chooses

  /** It is new, and gets everything from {@code next} on. */
  void takeAll(long next) {
    selection = Selection.ALL;
    covered = Coverage.NONE.with(Selection.ALL, next);
  }

  /** It gets nothing, as it came to send, or has not chosen yet. */
  void takeNone() {
    selection = Selection.NONE;
    covered = Coverage.NONE;
  }

  /** All that it would have with these topics, too. */
  Selection with(List<String> topics) {
    return chosen ? selection.with(topics) : Selection.of(topics);
  }

  /** It gets these topics, too, from {@code next} on. */
  void subscribe(List<String> topics, long next) {
    Coverage before = coveredByChoice();
    selection = with(topics);
    covered = before.with(Selection.of(topics), next);
    chosen = true;
  }

  /** It gets these topics no longer. */
  void unsubscribe(List<String> topics) {
    selection = selection.without(topics);
    covered = covered.without(topics);
  }

  /** It wants history, and has had all of what it had chosen below {@code next}. */
  Asked askHistory(Subscribe wanted, long next) {
    Asked asked = new Asked(wanted, coveredByChoice(), next);
    selection = with(wanted.topics());
    chosen = true;
    phase = Phase.REPLAYING;
    return asked;
  }

  /** The journal holds {@code oldest} to below {@code end}: what the client gets of it. */
  History history(Asked asked, long oldest, long end) {
    long since = asked.wanted().since();
    long held = Math.min(oldest, asked.below());
    boolean reset = since > end;
    Gap gap = since < held ? new Gap(since, held) : null;
    long from = reset ? asked.below() : Math.max(since, held);
    Selection topics = Selection.of(asked.wanted().topics());
    History history = new History(topics, from, covered, asked.below(), gap, reset);
    covered = asked.before().with(topics, from);
    return history;
  }

  /** What came before it chose is not of its choice. */
  private Coverage coveredByChoice() {
    return chosen ? covered : Coverage.NONE;
  }

  // --- what it has to wait with

  /** Until it has caught up: what it gets then depends on where it is. False: too many wait. */
  boolean wait(Command command) {
    if (waiting == null) {
      waiting = new ArrayDeque<>(2);
    }
    return waiting.size() < COMMANDS_WAITING_MAX && waiting.add(command);
  }

  /** The next command that can be done now; null for none. */
  Command nextCommand() {
    Command next = waiting == null || phase != Phase.LIVE ? null : waiting.poll();
    if (waiting != null && waiting.isEmpty()) {
      waiting = null;
    }
    return next;
  }
}
