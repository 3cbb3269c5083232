package io.spillway.kit;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/**
 * What became of two publishers' messages on one broker under one fault: one of numbered messages,
 * one of equal messages on one topic, which only their number can account for.
 *
 * @param sent by both
 * @param acknowledged of those, by the broker to the publishers: what must not be lost
 * @param stored copies of them in the journal
 * @param duplicate copies beyond the first; of equal ones, beyond what was sent
 * @param possiblyDouble what the edge itself has counted as such
 * @param lost acknowledged by the broker and by the edge, and not stored
 * @param forgotten acknowledged by the broker and not by the edge, though nothing waits any more:
 *     the broker's own loss
 * @param outOfOrder numbered ones stored after a later one of their topic, though the broker has
 *     not sent them so
 * @param overtaken numbered ones that the broker has sent after a later one of their topic
 */
public record Account(
    String broker,
    String fault,
    int sent,
    int acknowledged,
    int stored,
    int duplicate,
    int possiblyDouble,
    int lost,
    int forgotten,
    int outOfOrder,
    int overtaken) {
  private static final String COLUMNS =
      "%-10s %-36s %6s %6s %6s %6s %8s %5s %9s %5s %9s"
          .formatted(
              "broker",
              "fault",
              "sent",
              "acked",
              "stored",
              "double",
              "possibly",
              "lost",
              "forgotten",
              "order",
              "overtaken");

  /**
   * Draws it up.
   *
   * @param equal all on its one topic
   * @param records the whole journal
   * @param tap what the edge has acknowledged
   */
  public static Account of(
      String broker,
      String fault,
      Publisher numbered,
      Publisher equal,
      List<JsonObject> records,
      MqttTap tap,
      int possiblyDouble) {
    Ledger ledger = Ledger.of(fault, numbered, records, tap);
    String topic = equal.topics().get(0);
    int equalStored =
        (int) records.stream().filter(each -> topic.equals(each.getString("_topic"))).count();
    int missing = Math.max(0, equal.acknowledgedCount() - equalStored);
    int forgotten = Math.min(missing, Math.max(0, equal.acknowledgedCount() - tap.pubacks(topic)));
    Set<String> overtaken = tap.overtaken();
    return new Account(
        broker,
        fault,
        ledger.sent() + equal.sent(),
        ledger.acknowledged() + equal.acknowledgedCount(),
        ledger.stored() + ledger.duplicate().size() + equalStored,
        ledger.duplicate().size() + Math.max(0, equalStored - equal.sent()),
        possiblyDouble,
        ledger.lost().size() + missing - forgotten,
        ledger.lostByBroker().size() + forgotten,
        (int) ledger.disorder().stream().filter(id -> !overtaken.contains(id)).count(),
        overtaken.size());
  }

  /** Nothing is missing; what the broker has not handed over again may come yet. */
  public boolean isComplete() {
    return lost == 0 && forgotten == 0;
  }

  /** One line of the table; also appended to {@code target/broker-matrix.txt}. */
  public String report() {
    String line =
        "%-10s %-36s %6d %6d %6d %6d %8d %5d %9d %5d %9d"
            .formatted(
                broker,
                fault,
                sent,
                acknowledged,
                stored,
                duplicate,
                possiblyDouble,
                lost,
                forgotten,
                outOfOrder,
                overtaken);
    System.out.println("[matrix] " + line);
    Path table = Site.PROJECT.resolve("target/broker-matrix.txt");
    try {
      String head = Files.exists(table) ? "" : COLUMNS + "\n";
      Files.writeString(
          table, head + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return COLUMNS + "\n" + line;
  }
}
