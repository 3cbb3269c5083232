package io.spillway.store;

import io.spillway.journal.Damages;
import io.spillway.journal.StateFile;
import io.spillway.journal.StateFile.Content;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Which journal this is, in {@code journal.id} beside it. Offsets of one mean nothing in another,
 * so whoever keeps an offset keeps the name with it. A journal that is empty is a new one, and so
 * is one whose file was removed: that is how an operator says so.
 *
 * @param name 12 hexadecimal digits
 * @param trustedFrom from this offset on {@code _id} was given by edges alone. Version 0.1 stored
 *     also those that plain clients sent
 */
record JournalName(String name, long trustedFrom) {
  private static final String FILE = "journal.id";
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{12}");

  /** A damaged file, of which the marks may remember what was in it. */
  private static final JournalName DAMAGED = new JournalName("", Long.MAX_VALUE);

  /**
   * What the file says; empty if there is none, {@link #isDamaged} if it is not whole. Blocking.
   */
  static Optional<Content<JournalName>> read(Path dir, Damages damages) throws IOException {
    int before = damages.count();
    Optional<Content<JournalName>> read =
        StateFile.read(
            dir.resolve(FILE),
            JournalName::parse,
            true,
            "the name is that in marks.json, or a new one",
            damages);
    return damages.count() > before ? Optional.of(new Content<>(DAMAGED, true)) : read;
  }

  private static JournalName parse(String text) {
    boolean old = NAME.matcher(text.strip()).matches(); // of version 0.1
    JsonObject json = old ? null : new JsonObject(text);
    String name = old ? text.strip() : json.getString("journal");
    long trustedFrom = old ? Long.MAX_VALUE : json.getLong("trustedFrom");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("does not name a journal");
    }
    return new JournalName(name, trustedFrom);
  }

  private boolean isDamaged() {
    return name.isEmpty();
  }

  /**
   * What the journal is called from now on.
   *
   * @param read what its file says
   * @param remembered what the marks remember
   * @param next the offset its next record gets
   */
  static JournalName settle(
      Optional<Content<JournalName>> read, Optional<Anchor> remembered, long next) {
    boolean empty = next == 1;
    long trusted = remembered.map(Anchor::trustedFrom).orElse(Long.MAX_VALUE);
    if (empty || read.isEmpty()) {
      return new JournalName(fresh(), Math.min(trusted, next));
    }
    JournalName said = read.get().value();
    if (said.isDamaged()) {
      String name = remembered.map(Anchor::name).filter(n -> !n.isEmpty()).orElseGet(() -> fresh());
      return new JournalName(name, Math.min(trusted, next));
    }
    return new JournalName(said.name, Math.min(said.trustedFrom, next));
  }

  private static String fresh() {
    return UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  }

  /** On disk when this returns; blocking. */
  void save(Path dir) throws IOException {
    JsonObject json = new JsonObject().put("journal", name).put("trustedFrom", trustedFrom);
    StateFile.write(dir.resolve(FILE), json.encode());
  }
}
