package io.spillway.store;

import io.spillway.journal.SmallFile;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The marks as they were when the journal was {@code offset} long, in {@code marks.json} beside it.
 *
 * @param offset the marks count every record below
 * @param marks next sequence number by {@code <edge>.<epoch>}
 * @param owners to whom those epochs belong; of one that is not in it nobody has said yet. In the
 *     file they are {@code keys}, which version 0.1 knows nothing of
 * @param knowsOwners false if that version has written it: then an edge of this one may have come
 *     with its key, and nobody noted it
 */
record Checkpoint(
    long offset, Map<String, Long> marks, Map<String, Owner> owners, boolean knowsOwners) {
  private static final Logger log = LoggerFactory.getLogger(Checkpoint.class);
  private static final String FILE = "marks.json";

  /** There is none, or it cannot be read. */
  static final Checkpoint NONE = new Checkpoint(0, Map.of(), Map.of(), false);

  /** Of epochs of which nobody has said to whom they belong. */
  Checkpoint(long offset, Map<String, Long> marks) {
    this(offset, marks, Map.of(), true);
  }

  /** To whom an epoch belongs. */
  Owner owner(String key) {
    return owners.getOrDefault(key, Owner.NOBODY);
  }

  /** The last one written, or {@link #NONE}. Blocking. */
  static Checkpoint load(Path dir) throws IOException {
    try {
      return parse(Files.readAllBytes(dir.resolve(FILE)));
    } catch (NoSuchFileException e) {
      return NONE;
    } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
      log.warn("{} is unreadable; the marks are rebuilt from the whole journal", dir.resolve(FILE));
      return NONE;
    }
  }

  private static Checkpoint parse(byte[] file) {
    JsonObject json = new JsonObject(new String(file, StandardCharsets.UTF_8));
    JsonObject stored = json.getJsonObject("marks");
    if (stored == null) {
      throw new IllegalArgumentException("no marks");
    }
    Map<String, Long> marks = new TreeMap<>();
    stored.fieldNames().forEach(key -> marks.put(key, fromOne(stored.getLong(key))));
    Map<String, Owner> owners = new TreeMap<>();
    JsonObject keys = json.getJsonObject("keys", new JsonObject());
    keys.fieldNames().forEach(key -> owners.put(key, new Owner(keys.getString(key))));
    boolean knowsOwners = json.containsKey("keys");
    return new Checkpoint(fromOne(json.getLong("offset")), marks, owners, knowsOwners);
  }

  private static long fromOne(Long number) {
    if (number == null || number < 1) {
      throw new IllegalArgumentException("neither offsets nor sequence numbers are " + number);
    }
    return number;
  }

  /** On disk when this returns; the older one stays until then. Blocking. */
  void save(Path dir) throws IOException {
    JsonObject stored = new JsonObject();
    marks.forEach(stored::put);
    JsonObject keys = new JsonObject();
    owners.forEach((key, owner) -> keys.put(key, owner.digest()));
    JsonObject json = new JsonObject().put("offset", offset).put("marks", stored);
    SmallFile.replace(dir.resolve(FILE), json.put("keys", keys).encode());
  }
}
