package io.spillway.kit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The real curl, as people use it. */
public final class Curl {
  private static final String LIMIT_SECONDS = "55";

  private final Path dir;
  private int calls;

  /** Keeps what it receives in {@code site}'s directory. */
  public Curl(Site site) {
    this.dir = site.dir().resolve("curl");
  }

  /**
   * What came back.
   *
   * @param headers by name in lower case
   */
  public record Answer(int status, Map<String, String> headers, String body) {
    /** The body, an object. */
    public JsonObject json() {
      return new JsonObject(body);
    }

    /** The body, an array. */
    public JsonArray array() {
      return new JsonArray(body);
    }
  }

  /** Runs {@code curl} with these arguments to its end; one answer must come. */
  public Answer run(String... arguments) {
    Proc proc = call(List.of(arguments));
    try {
      return answer(proc);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** As {@link #run}, with the output of a shell command as its standard input. */
  public Answer pipe(String producer, String... arguments) {
    Proc proc = start(producer, arguments);
    proc.awaitExit(java.time.Duration.ofSeconds(Long.parseLong(LIMIT_SECONDS)));
    try {
      return answer(proc);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** Starts {@code producer | curl arguments}, and does not wait. */
  public Proc start(String producer, String... arguments) {
    List<String> quoted = new ArrayList<>();
    for (String word : command(List.of(arguments))) {
      quoted.add("'" + word.replace("'", "'\\''") + "'");
    }
    String line = producer + " | " + String.join(" ", quoted);
    return Proc.start("curl", dir, Map.of(), List.of("bash", "-c", line));
  }

  private Proc call(List<String> arguments) {
    return Proc.run("curl", dir, Map.of(), command(arguments));
  }

  private List<String> command(List<String> arguments) {
    calls++;
    List<String> command =
        new ArrayList<>(List.of("curl", "-sS", "--max-time", LIMIT_SECONDS, "-D", headers()));
    command.addAll(List.of("-o", dir.resolve(calls + ".body").toString()));
    command.addAll(arguments);
    return command;
  }

  private String headers() {
    return dir.resolve(calls + ".headers").toString();
  }

  private Answer answer(Proc proc) throws IOException {
    if (proc.exitCode() != 0) {
      throw new AssertionError("curl ended with " + proc.exitCode() + ": " + proc.output());
    }
    Path body = dir.resolve(calls + ".body");
    String text = Files.exists(body) ? Files.readString(body, StandardCharsets.UTF_8) : "";
    int status = 0;
    Map<String, String> headers = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of(headers()))) {
      int colon = line.indexOf(':');
      if (line.startsWith("HTTP/")) {
        status = Integer.parseInt(line.split(" ", 3)[1]); // the last one: behind 100 Continue
        headers.clear();
      } else if (colon > 0) {
        String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        headers.put(name, line.substring(colon + 1).strip());
      }
    }
    return new Answer(status, headers, text);
  }
}
