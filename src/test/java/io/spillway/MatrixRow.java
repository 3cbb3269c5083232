package io.spillway;

import io.spillway.kit.Account;
import io.spillway.kit.Await;
import io.spillway.kit.Broker;
import io.spillway.kit.BrokerKind;
import io.spillway.kit.FreePort;
import io.spillway.kit.MqttTap;
import io.spillway.kit.Publisher;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.TcpProxy;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * One broker, an edge behind a tap, and two publishers: one of numbered messages, one of messages
 * that are all the same. The server is in the edge's process, reached through a link of its own.
 */
final class MatrixRow {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final Duration LATE = Duration.ofSeconds(8);
  private static final int NUMBERED_PER_SECOND = 300;
  private static final int EQUAL_PER_SECOND = 100;
  private static final String EQUAL_TOPIC = "test/same";

  private final BrokerKind kind;
  private final Broker broker;
  private final Spillway edge;
  private final Publisher numbered;
  private final Publisher equal;
  final MqttTap tap;
  final TcpProxy uplink;
  private int possiblyDoubleBefore;
  private int repeatedBeforeCut;
  private boolean flowing;

  /** Everything runs, the edge has subscribed. */
  MatrixRow(Site site, BrokerKind kind, Broker broker, int spoolBytes) {
    this.kind = kind;
    this.broker = broker.start();
    tap = site.own(new MqttTap(broker));
    int port = FreePort.next();
    uplink = site.own(new TcpProxy(port));
    edge =
        Spillway.edgeAndServer(site, tap.url(), "ws://127.0.0.1:" + uplink.port() + "/ws", port)
            .set("edge.mqtt.topics", new JsonArray().add("test/+")) // NATS makes two of test/#
            .set("edge.spool.maxBytes", spoolBytes)
            .set("edge.spool.segmentBytes", spoolBytes / 4);
    edge.start().proc().awaitLine("\\[mqtt\\] subscribed", SOON);
    numbered = site.own(new Publisher(broker.port(), List.of("test/a", "test/b", "test/c")));
    equal = site.own(new Publisher(broker.port(), List.of(EQUAL_TOPIC)));
    equal.always("{\"contact\":true}");
  }

  BrokerKind kind() {
    return kind;
  }

  // --- what is published

  /** So many of each kind, the equal ones first, and waits until the broker has them. */
  void publish(int count) {
    int perSecond = count < 1_000 ? 1_000 : 10_000; // the edge has to take a few in several steps
    equal.publish(count, perSecond);
    equal.awaitAcknowledged();
    numbered.publish(count, perSecond);
    numbered.awaitAcknowledged();
  }

  void publishEqual(int count) {
    equal.publish(count, 10_000);
    equal.awaitAcknowledged();
  }

  void beginLoad() {
    numbered.begin(NUMBERED_PER_SECOND);
    equal.begin(EQUAL_PER_SECOND);
    meanwhile(100);
  }

  void endLoad() {
    numbered.end();
    equal.end();
    numbered.awaitAcknowledged();
    equal.awaitAcknowledged();
  }

  /** Until so many more numbered messages are sent, whatever becomes of them. */
  void meanwhile(int more) {
    int until = numbered.sent() + more;
    Await.until("the load goes on", SOON, () -> numbered.sent() >= until);
  }

  // --- what is waited for

  void awaitPubacks(int more) {
    int until = tap.pubacks() + more;
    Await.until(
        () -> "the edge acknowledges " + until + ", not " + tap.pubacks(),
        SOON,
        () -> tap.pubacks() >= until);
  }

  /** All that was sent so far is acknowledged by the edge, too. */
  void awaitQuiet() {
    Await.until(
        () -> "all is acknowledged, not " + tap.pubacks() + " of " + sent(),
        SOON,
        () -> tap.pubacks() >= sent());
  }

  private int sent() {
    return numbered.sent() + equal.sent();
  }

  /** The broker has begun to hand over more than the edge has acknowledged. */
  void awaitUnread() {
    Await.until("the broker hands over", SOON, () -> tap.unacknowledged() > 0);
  }

  /** The broker hands over again what it had handed over before the last {@link #cutLink}. */
  void awaitRepetition() {
    Await.until("the broker repeats", SOON, () -> tap.handedOverAgain() > repeatedBeforeCut);
  }

  void awaitFullSpool() {
    edge.proc().awaitLine("spool.maxBytes of .* is reached", SOON);
  }

  // --- what is done to them

  /** Its connections stay open, and what the broker sends waits unread in the edge's socket. */
  void freezeEdge() {
    possiblyDoubleBefore += possiblyDouble(); // a frozen process cannot be asked
    edge.proc().stop();
  }

  void killFrozenEdge() {
    edge.kill9();
    edge.start();
  }

  void killEdge(int meanwhileSent) {
    possiblyDoubleBefore += possiblyDouble();
    edge.kill9();
    meanwhile(meanwhileSent);
    edge.start();
  }

  void thawEdge() {
    edge.proc().cont();
  }

  void killBroker() {
    broker.proc().kill9();
    broker.start();
  }

  /** The link between broker and edge breaks; waits until they are connected again. */
  void cutLink() {
    int before = edge.proc().lineCount();
    repeatedBeforeCut = tap.handedOverAgain();
    tap.link().cut();
    tap.link().thaw();
    tap.link().mend();
    edge.proc().awaitLine(before, "\\[mqtt\\] connected to", SOON);
  }

  // --- what became of it

  /**
   * Lets fresh messages through and draws up the account, as soon as all is stored or nothing more
   * can be hoped for.
   */
  Account settle(String fault) {
    int fresh = numbered.sent();
    numbered.publish(numbered.topics().size(), 1_000);
    numbered.awaitAcknowledged();
    if (kind.leavesOut()) {
      cutUnlessHandedOver(fresh);
    }
    try {
      Await.until("fresh messages flow", SOON, () -> tap.unacknowledged() == 0 && areStored(fresh));
      flowing = true;
    } catch (AssertionError stuck) {
      return account(fault);
    }
    return atRest(fault);
  }

  /** What was left out comes on a new connection. */
  private void cutUnlessHandedOver(int from) {
    List<String> ids = IntStream.range(from, numbered.sent()).mapToObj(numbered::id).toList();
    try {
      Await.until("all are handed over", LATE, () -> tap.handedOver().containsAll(ids));
    } catch (AssertionError leftOut) {
      cutLink();
    }
  }

  /** Drawn up while nothing is being acknowledged, as soon as nothing is missing. */
  private Account atRest(String fault) {
    AtomicReference<Account> last = new AtomicReference<>();
    try {
      Await.until(
          "nothing is missing",
          LATE,
          () -> {
            int before = tap.pubacks();
            Account account = account(fault);
            if (last.get() == null || before == tap.pubacks()) {
              last.set(account);
            }
            return before == tap.pubacks() && account.isComplete();
          });
    } catch (AssertionError incomplete) {
      // The account tells what is missing.
    }
    return last.get();
  }

  /** Whether, in the end, fresh messages came through and nothing waited any more. */
  boolean isFlowing() {
    return flowing;
  }

  private boolean areStored(int from) {
    List<String> lines = edge.stored().lines();
    return IntStream.range(from, numbered.sent())
        .mapToObj(numbered::mark)
        .allMatch(mark -> lines.stream().anyMatch(line -> line.contains(mark)));
  }

  private Account account(String fault) {
    int counted = possiblyDoubleBefore + possiblyDouble();
    return Account.of(
        kind.toString(), fault, numbered, equal, edge.stored().records(), tap, counted);
  }

  private int possiblyDouble() {
    return edge.metric("spillway_source_possible_duplicates_total");
  }
}
