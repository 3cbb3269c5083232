package io.spillway.server.status;

import io.spillway.journal.Damages;
import io.spillway.journal.StateFile;
import io.spillway.journal.StateFile.Content;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which edges a server knows, in {@code edges.json} beside its journal: after a restart one that
 * does not come back is told as gone, and not forgotten. Without the file only those are known that
 * come.
 *
 * <pre>
 *   {"edges":{"attic.3f9a1c2e":{"heard":1764122400000,"stopped":false,"next":1042,"waiting":17,
 *       "away":5000,"overdue":0}},…}
 * </pre>
 */
final class EdgeMemory {
  private static final String FILE = "edges.json";

  /**
   * An edge, as it was last heard of.
   *
   * @param heardWallMs milliseconds since 1970
   * @param stopped it had said goodbye
   * @param next its next sequence number, by what is stored
   * @param waiting records that waited in its spool; -1 if it never said
   * @param awayMs for how long it has been away while a server ran, in milliseconds
   * @param overdueMs for how much of that it was to be forgotten by the wall clock
   */
  record Known(
      String edge,
      String epoch,
      long heardWallMs,
      boolean stopped,
      long next,
      long waiting,
      long awayMs,
      long overdueMs) {

    /** So much time has passed, and it is not back. */
    Known later(long ms, boolean overdue) {
      return new Known(
          edge,
          epoch,
          heardWallMs,
          stopped,
          next,
          waiting,
          awayMs + ms,
          overdueMs + (overdue ? ms : 0));
    }

    private boolean isLike(Known other) {
      return isClose(heardWallMs, other.heardWallMs)
          && isClose(awayMs, other.awayMs)
          && isClose(overdueMs, other.overdueMs)
          && atOnce().equals(other.atOnce());
    }

    private Known atOnce() {
      return new Known(edge, epoch, 0, stopped, next, waiting, 0, 0);
    }
  }

  /** By so much, in ms, times of an edge may differ from what is on the disk. */
  static final long WITHIN_MS = 60_000;

  private final Path dir;
  private volatile String damage = "";

  EdgeMemory(Path dir) {
    this.dir = dir;
  }

  /** Those that were kept; none if there is no file that is whole. Blocking. */
  List<Known> load() throws IOException {
    Damages damages = new Damages();
    String otherwise = "edges that do not come back are not told as gone";
    Optional<Content<List<Known>>> kept =
        StateFile.read(dir.resolve(FILE), EdgeMemory::parse, false, otherwise, damages);
    damage = damages.words();
    return kept.map(Content::value).orElse(List.of());
  }

  /** What was wrong with the file when it was loaded; empty if nothing was. */
  String damage() {
    return damage;
  }

  /**
   * Whether these say the same but for a moment: the wall clock, by which times are told, is
   * forever a little slower or faster than the monotonic one, by which they are measured.
   */
  static boolean areAlike(List<Known> some, List<Known> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      if (!some.get(i).isLike(others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isClose(long ms, long otherMs) {
    return Math.abs(ms - otherMs) < WITHIN_MS;
  }

  private static List<Known> parse(String text) {
    JsonObject edges = new JsonObject(text).getJsonObject("edges");
    List<Known> known = new ArrayList<>();
    for (String key : edges.fieldNames()) {
      JsonObject one = edges.getJsonObject(key);
      int dot = key.lastIndexOf('.');
      known.add(
          new Known(
              key.substring(0, dot),
              key.substring(dot + 1),
              one.getLong("heard"),
              one.getBoolean("stopped"),
              one.getLong("next"),
              one.getLong("waiting"),
              one.getLong("away", 0L),
              one.getLong("overdue", 0L)));
    }
    return known;
  }

  /** On disk when this returns; nothing is written where there is no journal. Blocking. */
  Void save(Collection<Known> known) throws IOException {
    JsonObject edges = new JsonObject();
    for (Known one : known) {
      edges.put(
          one.edge + '.' + one.epoch,
          new JsonObject()
              .put("heard", one.heardWallMs)
              .put("stopped", one.stopped)
              .put("next", one.next)
              .put("waiting", one.waiting)
              .put("away", one.awayMs)
              .put("overdue", one.overdueMs));
    }
    if (Files.isDirectory(dir)) {
      StateFile.write(dir.resolve(FILE), new JsonObject().put("edges", edges).encode());
    }
    return null;
  }
}
