package io.spillway.source;

import io.spillway.journal.Damages;
import io.spillway.journal.JournalFailure;
import io.spillway.journal.StateFile;
import io.spillway.journal.StateFile.Content;
import io.spillway.topic.TopicFilter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code subscriptions.json} in the spool's directory: the filters that a broker may be subscribed
 * to for this client, of the last few brokers. All methods block, and are for one caller at a time.
 *
 * <p>A file that cannot be believed counts as none. Then a filter taken out meanwhile stays, which
 * is said; nothing is given up because of a file that may be wrong.
 */
final class SubscriptionMemory {
  private static final String FILE = "subscriptions.json";
  private static final String OTHERWISE = "a topic that was taken out meanwhile may still come";
  private static final int SESSIONS_MAX = 8;

  /** Filters of one client at one broker. */
  private record Session(String client, String broker, KnownFilters known) {}

  private final Path file;
  private final String client;
  private final String broker;
  private final List<Session> others = new ArrayList<>();

  /**
   * @param dir null: there is no spool here, and nothing is remembered
   * @param broker its address, as configured
   */
  SubscriptionMemory(Path dir, String client, String broker) {
    file = dir == null ? null : dir.resolve(FILE);
    this.client = client;
    this.broker = broker;
  }

  /**
   * What is remembered.
   *
   * @param unknownBecause why that may not be all, for a person; null if it is
   */
  record Remembered(KnownFilters known, String unknownBecause) {}

  Remembered load() {
    if (file == null) {
      return new Remembered(KnownFilters.NONE, "there is no spool in this process to remember it");
    }
    try {
      Damages damages = new Damages();
      Optional<List<Session>> sessions =
          StateFile.read(file, SubscriptionMemory::parse, false, OTHERWISE, damages)
              .map(Content::value);
      if (sessions.isPresent()) {
        return of(sessions.get());
      }
      boolean damaged = !damages.words().isEmpty();
      return new Remembered(
          KnownFilters.NONE, damaged ? file + " was damaged" : "there is no " + file + " yet");
    } catch (IOException e) {
      boolean denied = JournalFailure.kindOf(e) == JournalFailure.Kind.READ_ONLY;
      String why = denied ? "permission denied" : e.getMessage();
      return new Remembered(KnownFilters.NONE, file + " cannot be read: " + why);
    }
  }

  /** On the disk when this returns. */
  void save(KnownFilters known) throws IOException {
    if (file != null) {
      List<Session> all = new ArrayList<>(others);
      all.add(new Session(client, broker, known));
      JsonArray sessions = new JsonArray();
      for (Session each : all.subList(Math.max(0, all.size() - SESSIONS_MAX), all.size())) {
        sessions.add(
            new JsonObject()
                .put("client", each.client())
                .put("broker", each.broker())
                .put("filters", new JsonArray(List.copyOf(each.known().atBroker())))
                .put("former", new JsonArray(each.known().former())));
      }
      StateFile.write(file, new JsonObject().put("sessions", sessions).encode());
    }
  }

  /**
   * Of a broker that is not among them all of this client counts: it may be one by another name.
   * What this client has under other names may be there anyway, as of an older state.
   */
  private Remembered of(List<Session> sessions) {
    Set<String> here = new LinkedHashSet<>();
    Set<String> elsewhere = new LinkedHashSet<>();
    Set<String> former = new LinkedHashSet<>();
    boolean known = false;
    others.clear();
    for (Session each : sessions) {
      boolean mine = each.client().equals(client);
      if (mine && each.broker().equals(broker)) {
        here.addAll(each.known().atBroker());
        known = true;
      } else {
        others.add(each);
        elsewhere.addAll(mine ? each.known().atBroker() : Set.of());
      }
      former.addAll(mine ? each.known().former() : Set.of());
    }
    if (known) {
      former.addAll(elsewhere);
    }
    Set<String> atBroker = known ? here : elsewhere;
    former.removeAll(atBroker);
    return new Remembered(
        new KnownFilters(atBroker, List.copyOf(former)),
        known ? null : file + " tells nothing of " + client + " at " + broker);
  }

  private static List<Session> parse(String text) {
    JsonArray sessions = new JsonObject(text).getJsonArray("sessions");
    List<Session> read = new ArrayList<>();
    for (int i = 0; i < sessions.size(); i++) {
      JsonObject each = sessions.getJsonObject(i);
      List<String> atBroker = filters(each.getJsonArray("filters"));
      List<String> former = filters(each.getJsonArray("former", new JsonArray()));
      read.add(
          new Session(
              each.getString("client"),
              each.getString("broker"),
              new KnownFilters(new LinkedHashSet<>(atBroker), former)));
    }
    return read;
  }

  private static List<String> filters(JsonArray array) {
    List<String> filters = new ArrayList<>();
    for (Object filter : array) {
      TopicFilter.ofSubscription((String) filter);
      filters.add((String) filter);
    }
    return filters;
  }
}
