package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Account;
import io.spillway.kit.Broker;
import io.spillway.kit.BrokerKind;
import io.spillway.kit.Depth;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.Site;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real brokers, each with its own way of giving packet identifiers and of repeating messages, under
 * the faults in which a message that comes again and a new one with equal bytes look alike. Nothing
 * is lost or overtaken on any of them; what may be stored twice is what this class says.
 *
 * <p>{@code make brokers} runs every row, and prints the table; the usual suite has those of
 * Mosquitto that do not take long, and one of three others.
 */
@DisplayName("On every broker")
class BrokerMatrixIT {
  private static final int ROOMY = 64 << 20;
  private static final int TIGHT = 98_304;

  /** Fewer and more than half of the identifiers: beyond that, ahead and behind look alike. */
  private static final int MANY = 30_000;

  private static final int MORE = 50_000;

  /** More than there are identifiers: Mosquitto gives those again that are in use. */
  private static final int ALL_AND_MORE = 80_000;

  @RegisterExtension final Site site = new Site();

  private enum Fault {
    EDGE_KILLED("edge killed under load", ROOMY),
    EDGE_FROZEN_AND_KILLED("edge frozen, then killed", ROOMY),
    BROKER_KILLED("broker killed", ROOMY),
    PUBACKS_LOST("acknowledgements lost with the link", ROOMY),
    SPOOL_FULL("spool full, server back later", TIGHT),
    SPOOL_FULL_AND_LINK_CUT("spool full, link cut meanwhile", TIGHT),
    MANY_IN_FLIGHT("30,000 in flight, link cut", ROOMY),
    MORE_IN_FLIGHT("50,000 in flight, link cut", ROOMY),
    TOO_MANY_IN_FLIGHT("80,000 equal in flight, link cut", ROOMY);

    private final String title;
    private final int spoolBytes;

    Fault(String title, int spoolBytes) {
      this.title = title;
      this.spoolBytes = spoolBytes;
    }

    void befall(MatrixRow row) {
      switch (this) {
        case EDGE_KILLED -> edgeKilled(row);
        case EDGE_FROZEN_AND_KILLED -> edgeFrozenAndKilled(row);
        case BROKER_KILLED -> brokerKilled(row);
        case PUBACKS_LOST -> pubacksLost(row);
        case SPOOL_FULL -> spoolFull(row);
        case SPOOL_FULL_AND_LINK_CUT -> spoolFullCut(row);
        case MANY_IN_FLIGHT -> inFlight(row, MANY);
        case MORE_IN_FLIGHT -> inFlight(row, MORE);
        case TOO_MANY_IN_FLIGHT -> tooManyInFlight(row);
      }
    }

    @Override
    public String toString() {
      return title;
    }
  }

  /** One that reuses identifiers, one that repeats by itself, one that marks nothing. */
  private static final Map<BrokerKind, Set<Fault>> OTHERS =
      Map.of(
          BrokerKind.NATS, Set.of(Fault.EDGE_FROZEN_AND_KILLED),
          BrokerKind.MOQUETTE, Set.of(Fault.EDGE_FROZEN_AND_KILLED),
          BrokerKind.AEDES, Set.of(Fault.EDGE_FROZEN_AND_KILLED));

  /** What is peculiar to a killed edge shows in the row of a frozen one, too. */
  private static final Set<Fault> USUAL =
      EnumSet.of(
          Fault.EDGE_FROZEN_AND_KILLED,
          Fault.BROKER_KILLED,
          Fault.PUBACKS_LOST,
          Fault.SPOOL_FULL_AND_LINK_CUT);

  private static final Set<Fault> IN_FLIGHT =
      EnumSet.range(Fault.MANY_IN_FLIGHT, Fault.TOO_MANY_IN_FLIGHT);

  static Stream<Arguments> rows() {
    return Arrays.stream(BrokerKind.values())
        .flatMap(kind -> faults(kind).map(fault -> Arguments.of(kind, fault)));
  }

  private static Stream<Fault> faults(BrokerKind kind) {
    Set<Fault> faults = EnumSet.allOf(Fault.class);
    if (!Depth.isFull()) {
      faults.retainAll(kind == BrokerKind.MOSQUITTO ? USUAL : OTHERS.getOrDefault(kind, Set.of()));
    }
    if (kind.inFlightMax() < MANY) {
      faults.remove(Fault.MANY_IN_FLIGHT);
    }
    if (kind.inFlightMax() < MORE) {
      faults.remove(Fault.MORE_IN_FLIGHT);
    }
    if (kind != BrokerKind.MOSQUITTO) {
      faults.remove(Fault.TOO_MANY_IN_FLIGHT); // others do not hand over so many at a time
    }
    return faults.stream();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("rows")
  @DisplayName("nothing is lost or overtaken, and nothing doubled uncounted")
  void row(BrokerKind kind, Fault fault) {
    Broker broker = kind.in(site);
    if (IN_FLIGHT.contains(fault) && broker instanceof Mosquitto mosquitto) {
      mosquitto.with("max_inflight_messages", "0").with("autosave_interval", "1000000");
    }
    MatrixRow row = new MatrixRow(site, kind, broker, fault.spoolBytes);
    fault.befall(row);
    Account account = row.settle(fault.title);
    String report = account.report();
    assertThat(row.isFlowing()).as(report).isTrue();
    assertThat(account.lost()).as(report).isZero();
    if (kind == BrokerKind.MOSQUITTO && fault != Fault.BROKER_KILLED) {
      assertThat(account.forgotten()).as(report).isZero();
    }
    assertThat(account.outOfOrder()).as(report).isZero();
    assertThat(account.duplicate())
        .as(report)
        .isLessThanOrEqualTo(allowed(kind, fault, account, row.tap.unmarkedAgain()));
  }

  /**
   * How many may be stored twice.
   *
   * @param unmarked how many numbered messages came again as new ones; of equal ones, at most as
   *     many
   */
  private static int allowed(BrokerKind kind, Fault fault, Account account, int unmarked) {
    if (fault == Fault.SPOOL_FULL) {
      return 0; // on one connection a repetition is always told from a new message
    }
    return switch (kind.ids()) {
      case RISING ->
          fault == Fault.BROKER_KILLED || fault.compareTo(Fault.MORE_IN_FLIGHT) >= 0
              ? account.possiblyDouble()
              : 0;
      case REUSED -> account.possiblyDouble() + (fault == Fault.BROKER_KILLED ? 2 * unmarked : 0);
      case UNMARKED -> Integer.MAX_VALUE;
    };
  }

  private static void edgeKilled(MatrixRow row) {
    row.beginLoad();
    row.killEdge(150);
    row.awaitPubacks(100);
    row.endLoad();
  }

  /** An honest repetition, with an identifier that is free again, waits unread as the edge dies. */
  private static void edgeFrozenAndKilled(MatrixRow row) {
    row.publish(5);
    row.awaitQuiet();
    row.cutLink(); // some begin anew with identifiers
    row.freezeEdge();
    row.publish(3);
    row.awaitUnread();
    row.killFrozenEdge();
  }

  private static void brokerKilled(MatrixRow row) {
    row.publish(5);
    row.awaitQuiet();
    row.freezeEdge();
    row.publish(3);
    row.awaitUnread();
    row.killBroker();
    row.thawEdge();
    row.beginLoad();
    row.killBroker();
    row.awaitPubacks(100);
    row.endLoad();
  }

  private static void pubacksLost(MatrixRow row) {
    row.publish(5);
    row.awaitQuiet();
    row.tap.link().freeze();
    row.publish(3);
    row.cutLink();
    row.beginLoad();
    for (int cut = 0; cut < 2; cut++) {
      row.awaitPubacks(50);
      row.tap.link().deafen();
      row.awaitPubacks(1); // HiveMQ sends no more before it has that one
      row.meanwhile(30);
      row.cutLink();
    }
    row.awaitPubacks(50);
    row.endLoad();
  }

  private static void spoolFull(MatrixRow row) {
    row.uplink.cut();
    row.publish(300);
    row.awaitFullSpool();
    if (row.kind().repeats()) {
      row.awaitRepetition();
    }
    row.uplink.mend();
  }

  private static void spoolFullCut(MatrixRow row) {
    row.uplink.cut();
    row.publish(300);
    row.awaitFullSpool();
    row.cutLink();
    row.awaitRepetition();
    row.uplink.mend();
  }

  /** All of them stored, none of their acknowledgements received: each has to be recognised. */
  private static void inFlight(MatrixRow row, int messages) {
    row.tap.link().deafen();
    row.publish(messages / 2);
    row.awaitPubacks(messages - row.tap.pubacks());
    row.cutLink();
    row.awaitRepetition();
  }

  /** None of them read before the link is cut: then two of each identifier come, both marked. */
  private static void tooManyInFlight(MatrixRow row) {
    row.tap.link().freeze();
    row.publishEqual(ALL_AND_MORE);
    row.cutLink();
    row.awaitPubacks(1);
  }
}
