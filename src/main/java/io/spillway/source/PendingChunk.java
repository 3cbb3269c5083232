package io.spillway.source;

import io.spillway.bus.Arrival;
import io.spillway.bus.Arrival.Kind;
import io.spillway.bus.Chunk;
import io.spillway.bus.ReadOn;
import io.spillway.message.Enricher;
import io.spillway.message.Lines;
import io.spillway.message.Reading;
import io.spillway.message.Rejected;
import io.spillway.message.RejectedPayload;
import io.spillway.redelivery.Habit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** What has come on one connection and becomes one chunk, and the answers it will get. */
final class PendingChunk {
  private static final int ANSWERS_AT_FIRST = 16;

  /** To the one connection that may answer; packet identifiers are its own. */
  final BrokerConnection connection;

  private final int number;
  private final boolean newSession;
  private final Lines.Builder lines = new Lines.Builder(4096);
  private final List<Arrival> arrivals = new ArrayList<>();
  private final List<Rejected> rejected = new ArrayList<>();
  private int[] answers = new int[ANSWERS_AT_FIRST];
  private int unanswered;
  private int releases;
  private int rejectedBytes;
  private int copies;

  /**
   * Of messages that come on a connection.
   *
   * @param number of the connection
   */
  PendingChunk(BrokerConnection connection, int number, boolean newSession) {
    this.connection = connection;
    this.number = number;
    this.newSession = newSession;
  }

  /**
   * Adds a message, as records or as rejected.
   *
   * @return why it was rejected; null if it was not
   */
  RejectedPayload add(Received message, long fingerprint, Enricher enricher) {
    int records = 0;
    RejectedPayload why = null;
    try {
      if (message.unfit() != null) {
        throw message.unfit();
      }
      records =
          enricher.enrich(
              new Reading(message.topic(), message.payload(), message.atMs(), message.retained()),
              lines);
    } catch (RejectedPayload e) {
      why = e;
      rejectedBytes += message.payload().length;
      rejected.add(
          new Rejected(
              message.topic(), message.atMs(), e.getMessage(), message.payload(), message.size()));
    }
    Kind kind = message.qos() == 2 ? Kind.HELD : Kind.MESSAGE;
    arrivals.add(new Arrival(kind, message.packetId(), fingerprint, message.dup(), records));
    if (message.qos() > 0) {
      answerLater(Answer.toMessage(message.qos(), message.packetId()));
    }
    return why;
  }

  /** Adds the release of an identifier. */
  void addRelease(int packetId) {
    arrivals.add(Arrival.release(packetId));
    releases++;
    answerLater(Answer.toRelease(packetId));
  }

  /** A copy was left out: the message is on its way. */
  void addCopy() {
    copies++;
  }

  /** Copies that are told with another chunk, as theirs is not handed over. */
  void addCopiesOf(PendingChunk dropped) {
    copies += dropped.copies;
  }

  /** What comes next on the same connection. */
  PendingChunk next() {
    return new PendingChunk(connection, number, false);
  }

  int messages() {
    return arrivals.size() - releases;
  }

  /** Messages and releases. */
  int size() {
    return arrivals.size();
  }

  /** What it holds in memory, as far as it matters. */
  int bytes() {
    return lines.length() + rejectedBytes;
  }

  /** Nothing to hand over: nothing but copies has come, and no new session is to be remembered. */
  boolean isEmpty() {
    return arrivals.isEmpty() && !newSession;
  }

  /**
   * Called once, when nothing is added any more.
   *
   * @param habit how the broker gives packet identifiers
   */
  Chunk chunk(Habit habit) {
    return new Chunk(
        ThreadLocalRandom.current().nextLong(),
        false,
        lines.build(),
        List.copyOf(arrivals),
        List.copyOf(rejected),
        newSession,
        new ReadOn(number, habit, copies));
  }

  /** To messages at QoS 1 and 2 and to releases, in order of receipt. */
  int[] answers() {
    return Arrays.copyOf(answers, unanswered);
  }

  private void answerLater(int answer) {
    if (unanswered == answers.length) {
      answers = Arrays.copyOf(answers, 2 * unanswered);
    }
    answers[unanswered++] = answer;
  }
}
