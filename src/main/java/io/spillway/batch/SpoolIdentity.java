package io.spillway.batch;

import io.spillway.journal.Cursor;
import io.spillway.journal.Damages;
import io.spillway.journal.Journal;
import io.spillway.journal.StateFile;
import io.spillway.journal.StateFile.Content;
import io.spillway.message.Lines;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who a spool's records come from: {@code <edge>.<epoch>}. The epoch is random and new when the
 * spool is, so that a spool that was deleted and begins at 1 again is not taken for the old one. It
 * is in {@code identity.json}, and in every record.
 */
record SpoolIdentity(String edge, String epoch) {
  static final String FILE = "identity.json";

  private static final Pattern ID =
      Pattern.compile(",\"_id\":\"([^\".]+)\\.([^\".]+)\\.[0-9]+\"}\\z");
  private static final int LONGEST_ID = 200;

  /** What the file says; empty if there is none that is whole. Blocking. */
  static Optional<Content<SpoolIdentity>> read(Path dir, Damages damages) throws IOException {
    return StateFile.read(
        dir.resolve(FILE),
        SpoolIdentity::parse,
        true,
        "edge and epoch are those of the records",
        damages);
  }

  private static SpoolIdentity parse(String text) {
    JsonObject json = new JsonObject(text);
    SpoolIdentity known = new SpoolIdentity(json.getString("edge"), json.getString("epoch"));
    if (known.edge == null || known.epoch == null) {
      throw new IllegalArgumentException("does not name edge and epoch");
    }
    return known;
  }

  /** Whose record the first of these lines is; null if it does not say. */
  static SpoolIdentity ofRecord(Lines lines) {
    if (lines.isEmpty()) {
      return null;
    }
    int end = lines.endOfLine(lines.from()) - 1;
    int start = Math.max(lines.from(), end - LONGEST_ID);
    String tail = new String(lines.array(), start, end - start, StandardCharsets.ISO_8859_1);
    Matcher id = ID.matcher(tail);
    return id.find() ? new SpoolIdentity(id.group(1), id.group(2)) : null;
  }

  /** A new epoch of an edge. */
  static SpoolIdentity fresh(String name) {
    return new SpoolIdentity(name == null ? generatedName() : name, random(4));
  }

  /** Fails if the spool is that of an edge of another name. */
  void mustBe(Path dir, String name) throws IOException {
    if (name != null && !name.equals(edge)) {
      throw new IOException(
          ("edge.name: the spool %s belongs to %s, not to %s; let %s empty it first, or use another"
                  + " edge.spool.dir")
              .formatted(dir, edge, name, edge));
    }
  }

  /**
   * Puts it down for a spool of which no number was given out yet. The position goes first: where
   * there is an identity without one, somebody has removed it.
   */
  void begin(Path dir) throws IOException {
    new AcknowledgedPosition(dir, this).save(1, 1);
    save(dir);
  }

  /** On disk when this returns. Blocking. */
  void save(Path dir) throws IOException {
    String json = new JsonObject().put("edge", edge).put("epoch", epoch).encode();
    StateFile.write(dir.resolve(FILE), json);
  }

  @Override
  public String toString() {
    return edge + '.' + epoch;
  }

  private static String generatedName() {
    return hostName() + '-' + random(2);
  }

  private static String hostName() {
    try {
      String host = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9_-]", "-");
      return host.isEmpty() ? "edge" : host.substring(0, Math.min(host.length(), 40));
    } catch (UnknownHostException e) {
      return "edge";
    }
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** Whose the newest record is that can be read; null if none can. Blocking. */
  static SpoolIdentity ofNewest(Journal journal) throws IOException {
    for (long offset : new long[] {journal.next() - 1, journal.first()}) {
      try (Cursor cursor = journal.cursor(offset)) {
        SpoolIdentity of = ofRecord(cursor.read(1, 1).lines());
        if (of != null) {
          return of;
        }
      }
    }
    return null;
  }
}
