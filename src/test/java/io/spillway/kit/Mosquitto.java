package io.spillway.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Mosquitto with the shipped {@code deploy/mosquitto/mosquitto.conf}, on its own port and with
 * its own persistence, that can be killed and started again.
 */
public final class Mosquitto implements Broker {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Site site;
  private final String name;
  private final Path dir;
  private final int port = FreePort.next();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<String> more = new ArrayList<>();
  private Proc proc;

  /** Not yet started. */
  public Mosquitto(Site site, String name) {
    this.site = site;
    this.name = name;
    this.dir = site.dir().resolve(name);
    settings.put("listener", port + " 127.0.0.1");
    settings.put("persistence_location", dir + "/");
    // "subscribe" is how a test learns that the edge is there.
    for (String type : List.of("error", "warning", "notice", "information", "subscribe")) {
      more.add("log_type " + type);
    }
    if (System.getProperty("user.name").equals("root")) {
      more.add("user root");
    }
  }

  /** Uses {@code value} in place of what the shipped configuration says. */
  public Mosquitto with(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** Adds a line at the end; after {@code listener …} it belongs to that listener. */
  public Mosquitto line(String line) {
    more.add(line);
    return this;
  }

  /** Starts it, or starts it again on the same port with what it had saved. */
  @Override
  public Mosquitto start() {
    try {
      Files.createDirectories(dir);
      Files.writeString(dir.resolve("mosquitto.conf"), configuration());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    proc = site.own(Proc.start(name, dir, Map.of(), List.of(command(), "-c", "mosquitto.conf")));
    proc.awaitLine("mosquitto version .* running", LIMIT);
    return this;
  }

  private String configuration() throws IOException {
    String text = Files.readString(Site.PROJECT.resolve("deploy/mosquitto/mosquitto.conf"));
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      Pattern line = Pattern.compile("(?m)^" + setting.getKey() + " .*$");
      String now = setting.getKey() + " " + setting.getValue();
      Matcher shipped = line.matcher(text);
      text =
          shipped.find() ? shipped.replaceFirst(Matcher.quoteReplacement(now)) : text + now + "\n";
    }
    return text + String.join("\n", more) + "\n";
  }

  private static String command() {
    Path debian = Path.of("/usr/sbin/mosquitto"); // not on the path of an ordinary user
    return Files.isExecutable(debian) ? debian.toString() : "mosquitto";
  }

  @Override
  public int port() {
    return port;
  }

  public Path dir() {
    return dir;
  }

  @Override
  public Proc proc() {
    return proc;
  }

  /** Waits until {@code clientId} has subscribed since this process started. */
  public void awaitSubscriber(String clientId) {
    awaitSubscriber(0, clientId);
  }

  /** Waits until {@code clientId} has subscribed after line {@code fromLine} of the log. */
  public void awaitSubscriber(int fromLine, String clientId) {
    proc.awaitLine(fromLine, ": " + Pattern.quote(clientId) + " \\d ", Duration.ofSeconds(40));
  }
}
