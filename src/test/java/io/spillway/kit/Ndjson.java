package io.spillway.kit;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The NDJSON files of one data directory: closed segments, also gzipped, then the active one. */
public final class Ndjson {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final Path dir;

  /** What a server keeps in {@code dir}; nothing need be there yet. */
  public Ndjson(Path dir) {
    this.dir = dir;
  }

  /** All complete lines, oldest first. A line still being written is left out. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Path file : files()) {
      lines.addAll(read(file));
    }
    return lines;
  }

  /** The same as plain clients sent them, who did not say when: without the time of receipt. */
  public List<String> sentLines() {
    return lines().stream().map(Ndjson::sent).toList();
  }

  private static String sent(String line) {
    String sent = line.replaceFirst(",\"_ts_src\":\"\\d{4}-[^\"]{18}Z\"}$", "}");
    if (sent.equals(line)) {
      throw new AssertionError("without the time of receipt: " + line);
    }
    return sent;
  }

  /** All records. */
  public List<JsonObject> records() {
    List<JsonObject> records = new ArrayList<>();
    for (String line : lines()) {
      try {
        records.add(new JsonObject(line));
      } catch (DecodeException error) {
        throw new AssertionError("not a JSON object in " + dir + ": " + line, error);
      }
    }
    return records;
  }

  /** What the server or edge has put aside in {@code rejected.ndjson}, and the one before it. */
  public List<JsonObject> rejected() {
    return Stream.of("rejected.1.ndjson", "rejected.ndjson")
        .map(dir::resolve)
        .filter(Files::exists)
        .flatMap(file -> read(file).stream())
        .map(JsonObject::new)
        .toList();
  }

  /** Waits until a line that {@code wanted} accepts is there, and returns it. */
  public JsonObject await(String what, Predicate<String> wanted) {
    List<String> found = new ArrayList<>();
    Await.until(
        () -> what + " is in " + dir + ", which has " + lines().size() + " lines",
        LIMIT,
        LOOK_EVERY,
        () -> lines().stream().filter(wanted).findFirst().map(found::add).orElse(false));
    return new JsonObject(found.get(0));
  }

  private List<Path> files() {
    TreeMap<String, Path> closed = new TreeMap<>();
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(dir)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.matches("ingest-\\d{20}\\.ndjson(\\.gz)?")) {
          // While one is being compressed both are there; the plain one is whole.
          closed.putIfAbsent(name.replace(".gz", ""), file);
        }
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    List<Path> all = new ArrayList<>(closed.values());
    Path active = dir.resolve("ingest.ndjson");
    if (Files.exists(active)) {
      all.add(active);
    }
    return all;
  }

  private static List<String> read(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (file.toString().endsWith(".gz")) {
        bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
      }
      List<String> lines = new ArrayList<>();
      int start = 0;
      for (int at = 0; at < bytes.length; at++) {
        if (bytes[at] == '\n') {
          lines.add(new String(bytes, start, at - start, StandardCharsets.UTF_8));
          start = at + 1;
        }
      }
      return lines;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
