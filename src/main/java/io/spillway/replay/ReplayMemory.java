package io.spillway.replay;

import io.spillway.journal.FileKind;
import io.spillway.journal.StateFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is noted beside a source, in {@code <file>.replay}: under which name it goes, and how it
 * began then, so that it is known again when it has grown; and how far each broker is, which no
 * broker can tell itself. A server can, so for that nothing is noted.
 *
 * <pre>
 *   {"source":"3f9a…","lines":100,"bytes":30211,"sha256":"3f9a…","done":[{"to":"mqtt://…","next":601}],"crc32c":"…"}
 * </pre>
 *
 * @param source the identity; empty if nothing is noted
 * @param lines how many there were
 * @param bytes so many of them are hashed
 * @param sha256 that of these bytes; empty where the source has a name of its own
 * @param done by broker, and what goes there: everything below is there
 */
record ReplayMemory(String source, long lines, long bytes, String sha256, Map<String, Long> done) {
  static final String SUFFIX = ".replay";
  static final ReplayMemory NONE = new ReplayMemory("", 0, 0, "", Map.of());

  /** More than anybody sends one source to; the one that was noted first is forgotten. */
  private static final int BROKERS_MAX = 32;

  ReplayMemory {
    done = new LinkedHashMap<>(done);
  }

  /**
   * What is noted; nothing if there is no such file, or it is damaged: the source is then named as
   * at first. Blocking.
   */
  static ReplayMemory read(Path file) throws IOException {
    if (!FileKind.fault(file).isEmpty()) {
      return NONE;
    }
    try {
      StateFile.Opened text = StateFile.open(Files.readAllBytes(file));
      return text.checked() ? parse(new JsonObject(text.json())) : NONE;
    } catch (NoSuchFileException none) {
      return NONE;
    } catch (RuntimeException damaged) {
      return NONE;
    }
  }

  private static ReplayMemory parse(JsonObject json) {
    Map<String, Long> done = new LinkedHashMap<>();
    JsonArray brokers = json.getJsonArray("done");
    for (int i = 0; i < brokers.size(); i++) {
      JsonObject broker = brokers.getJsonObject(i);
      done.put(broker.getString("to"), broker.getLong("next"));
    }
    return new ReplayMemory(
        json.getString("source"),
        json.getLong("lines"),
        json.getLong("bytes"),
        json.getString("sha256"),
        done);
  }

  /** Which source it is: that of before if it still begins with what was noted. */
  Identity identityOf(SourceContent.Read read) {
    boolean same = !sha256.isEmpty() && sha256.equals(read.beginning());
    return new Identity(same ? source : read.whole().sha256());
  }

  /** Whether something is noted, and of another source. */
  boolean isOfAnother(Identity identity) {
    return !source.isEmpty() && !source.equals(identity.hex());
  }

  /** What is to be noted of a source before its lines are sent. */
  ReplayMemory of(LineSource of) {
    SourceContent content = of.content();
    Map<String, Long> kept = isOfAnother(of.identity()) ? Map.of() : done;
    return content == null
        ? new ReplayMemory(of.identity().hex(), 0, 0, "", kept)
        : new ReplayMemory(of.identity().hex(), of.last(), content.bytes(), content.sha256(), kept);
  }

  /** How far a broker is: everything below is there. */
  long next(String broker) {
    return done.getOrDefault(broker, 1L);
  }

  /** With that noted. */
  ReplayMemory with(String broker, long next) {
    Map<String, Long> now = new LinkedHashMap<>(done);
    now.remove(broker);
    now.put(broker, next);
    if (now.size() > BROKERS_MAX) {
      now.remove(now.keySet().iterator().next());
    }
    return new ReplayMemory(source, lines, bytes, sha256, now);
  }

  /** On disk when this returns. Blocking. */
  void write(Path file) throws IOException {
    JsonArray brokers = new JsonArray();
    done.forEach((to, next) -> brokers.add(new JsonObject().put("to", to).put("next", next)));
    JsonObject json =
        new JsonObject()
            .put("source", source)
            .put("lines", lines)
            .put("bytes", bytes)
            .put("sha256", sha256)
            .put("done", brokers);
    StateFile.write(file, json.encode());
  }
}
