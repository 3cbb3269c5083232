package io.spillway.store;

import io.spillway.journal.Damages;
import io.spillway.journal.StateFile;
import io.spillway.journal.StateFile.Content;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The marks as they were when the journal was {@code offset} long, in {@code marks.json} beside it.
 *
 * @param offset the marks count every record below
 * @param marks next sequence number by {@code <edge>.<epoch>}
 * @param owners to whom those epochs belong; of one that is not in it nobody has said yet. In the
 *     file they are {@code keys}, which version 0.1 knows nothing of
 * @param knowsOwners false if that version has written it: then an edge of this one may have come
 *     with its key, and nobody noted it
 * @param beyond what is stored above a mark, see {@link Islands}
 * @param anchor which journal they belong to
 */
record Checkpoint(
    long offset,
    Map<String, Long> marks,
    Map<String, Owner> owners,
    boolean knowsOwners,
    Map<String, List<Long>> beyond,
    Anchor anchor) {
  private static final String FILE = "marks.json";

  /** There is none, or it cannot be read. */
  static final Checkpoint NONE =
      new Checkpoint(0, Map.of(), Map.of(), false, Map.of(), Anchor.NONE);

  /** Of epochs of which nobody has said to whom they belong. */
  Checkpoint(long offset, Map<String, Long> marks) {
    this(offset, marks, Map.of(), true, Map.of(), Anchor.NONE);
  }

  /** To whom an epoch belongs. */
  Owner owner(String key) {
    return owners.getOrDefault(key, Owner.NOBODY);
  }

  /**
   * The last one written; empty if there is none that is whole. Blocking.
   *
   * @param olderToo whether it may be one of version 0.1, without a checksum
   */
  static Optional<Content<Checkpoint>> read(Path dir, boolean olderToo, Damages damages)
      throws IOException {
    return StateFile.read(
        dir.resolve(FILE),
        text -> parse(new JsonObject(text)),
        olderToo,
        "the marks are those of the records in the journal",
        damages);
  }

  /** The last one written, or {@link #NONE}. Blocking. */
  static Checkpoint load(Path dir) throws IOException {
    return read(dir, true, new Damages()).map(Content::value).orElse(NONE);
  }

  private static Checkpoint parse(JsonObject json) {
    JsonObject stored = json.getJsonObject("marks");
    if (stored == null) {
      throw new IllegalArgumentException("has no marks");
    }
    Map<String, Long> marks = new TreeMap<>();
    stored.fieldNames().forEach(key -> marks.put(key, fromOne(stored.getLong(key))));
    Map<String, Owner> owners = new TreeMap<>();
    JsonObject keys = json.getJsonObject("keys", new JsonObject());
    keys.fieldNames().forEach(key -> owners.put(key, new Owner(keys.getString(key))));
    boolean knowsOwners = json.containsKey("keys");
    JsonObject ranges = json.getJsonObject("beyond", new JsonObject());
    Map<String, List<Long>> beyond = new TreeMap<>();
    ranges.fieldNames().forEach(key -> beyond.put(key, numbers(ranges.getJsonArray(key))));
    beyond.values().forEach(Islands::of); // fails if they are no ranges
    Anchor anchor =
        new Anchor(
            json.getString("journal", ""),
            fromOne(json.getLong("trustedFrom", Anchor.NONE.trustedFrom())),
            fromOne(json.getLong("activeFirst", Anchor.NONE.activeFirst())));
    long offset = fromOne(json.getLong("offset"));
    return new Checkpoint(offset, marks, owners, knowsOwners, beyond, anchor);
  }

  private static List<Long> numbers(JsonArray array) {
    List<Long> numbers = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      numbers.add(fromOne(array.getLong(i)));
    }
    return numbers;
  }

  private static long fromOne(Long number) {
    if (number == null || number < 1) {
      throw new IllegalArgumentException("neither offsets nor sequence numbers are " + number);
    }
    return number;
  }

  /** What is stored above a mark; to be changed by whoever asks. */
  Islands beyond(String key) {
    return Islands.of(beyond.getOrDefault(key, List.of()));
  }

  /** The same, with what they remember of the journal. */
  Checkpoint of(Anchor journal) {
    return new Checkpoint(offset, marks, owners, knowsOwners, beyond, journal);
  }

  /** On disk when this returns; the older one stays until then. Blocking. */
  void save(Path dir) throws IOException {
    JsonObject stored = new JsonObject();
    marks.forEach(stored::put);
    JsonObject json = new JsonObject().put("offset", offset);
    if (!anchor.equals(Anchor.NONE)) {
      json.put("journal", anchor.name())
          .put("trustedFrom", anchor.trustedFrom())
          .put("activeFirst", anchor.activeFirst());
    }
    JsonObject keys = new JsonObject();
    owners.forEach((key, owner) -> keys.put(key, owner.digest()));
    json.put("marks", stored).put("keys", keys);
    if (!beyond.isEmpty()) {
      JsonObject ranges = new JsonObject();
      beyond.forEach((key, bounds) -> ranges.put(key, new JsonArray(bounds)));
      json.put("beyond", ranges);
    }
    StateFile.write(dir.resolve(FILE), json.encode());
  }
}
