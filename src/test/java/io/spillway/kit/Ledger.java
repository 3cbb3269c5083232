package io.spillway.kit;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The account after a fault: what one publisher sent, what the broker acknowledged, and what of it
 * is stored, once, twice or not at all, and in which order.
 *
 * @param fault what was done, for the report
 * @param sent how many were sent
 * @param acknowledged how many of those the broker acknowledged
 * @param stored how many different ones are stored
 * @param duplicate ids stored more than once
 * @param lost ids acknowledged but not stored
 * @param lostByBroker ids that the broker acknowledged and forgot before the edge had them; not in
 *     {@code lost}
 * @param disorder records that came after a later one of the same topic
 * @param sequenceFaults {@code _id}s that were not the one after the last of their edge and epoch
 */
public record Ledger(
    String fault,
    int sent,
    int acknowledged,
    int stored,
    List<String> duplicate,
    List<String> lost,
    List<String> lostByBroker,
    List<String> disorder,
    List<String> sequenceFaults) {

  /** Compares what {@code publisher} sent with {@code records}, the whole of a server's journal. */
  public static Ledger of(String fault, Publisher publisher, List<JsonObject> records) {
    return of(fault, publisher, records, null);
  }

  /**
   * As above, where the broker was killed: what it acknowledged but the edge never did is the
   * broker's loss.
   */
  public static Ledger of(
      String fault, Publisher publisher, List<JsonObject> records, MqttTap brokerToEdge) {
    Set<String> stored = new HashSet<>();
    List<String> duplicate = new ArrayList<>();
    List<String> disorder = new ArrayList<>();
    Map<String, Long> lastOfTopic = new HashMap<>();
    for (JsonObject record : records) {
      String id = record.getString("id", "");
      if (!id.startsWith(publisher.run() + "-")) {
        continue;
      }
      if (!stored.add(id)) {
        duplicate.add(id);
        continue;
      }
      long n = record.getLong("n");
      Long last = lastOfTopic.put(record.getString("_topic"), n);
      if (last != null && last > n) {
        disorder.add(id);
      }
    }
    List<String> missing = new ArrayList<>(publisher.acknowledged());
    missing.removeIf(stored::contains);
    List<String> lostByBroker =
        brokerToEdge == null ? List.of() : brokerToEdge.notAcknowledged(missing);
    missing.removeAll(Set.copyOf(lostByBroker));
    return new Ledger(
        fault,
        publisher.sent(),
        publisher.acknowledgedCount(),
        stored.size(),
        duplicate,
        missing,
        lostByBroker,
        disorder,
        sequenceFaults(records));
  }

  private static List<String> sequenceFaults(List<JsonObject> records) {
    List<String> faults = new ArrayList<>();
    Map<String, Long> last = new HashMap<>();
    for (JsonObject record : records) {
      String id = record.getString("_id");
      if (id != null) {
        String edgeAndEpoch = id.substring(0, id.lastIndexOf('.'));
        long seq = Long.parseLong(id.substring(id.lastIndexOf('.') + 1));
        Long before = last.put(edgeAndEpoch, seq);
        if (seq != (before == null ? 1 : before + 1)) {
          faults.add(id + " after " + before);
        }
      }
    }
    return faults;
  }

  /** One line; also appended to {@code target/faults.txt}. */
  public String report() {
    String line =
        "[faults] %s: sent=%d acknowledged=%d stored=%d duplicate=%d lost=%d outOfOrder=%d"
            .formatted(
                fault, sent, acknowledged, stored, duplicate.size(), lost.size(), disorder.size());
    if (!lostByBroker.isEmpty()) {
      line += " forgottenByBroker=" + lostByBroker.size();
    }
    System.out.println(line);
    try {
      Files.writeString(
          Site.PROJECT.resolve("target/faults.txt"),
          line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return line;
  }
}
