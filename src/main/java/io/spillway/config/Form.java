package io.spillway.config;

import io.spillway.topic.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a text has to be, and what is made of it. The text is stripped, not blank and without
 * control characters before a form sees it.
 */
@SuppressWarnings("ImmutableEnumChecker") // a reader is a function, and holds nothing that changes
enum Form {
  TEXT("text"),
  NAME("1..64 of A-Z a-z 0-9 _ -", "[A-Za-z0-9_-]{1,64}"), // no dot: _id is <edge>.<epoch>.<seq>
  EDGES("names of edges, 1..64 of A-Z a-z 0-9 _ - *", "[A-Za-z0-9_*-]{1,64}"),
  CHARACTERS_120("1..120 characters", ".{1,120}"),
  CHARACTERS_256("1..256 characters", ".{1,256}"),
  CHARACTERS_1024("1..1024 characters", ".{1,1024}"),
  HOST("a host name or an IP address", (text, in) -> host(text)),
  DIRECTORY("a directory, made if it is not there", Form::directory),
  PEM_FILE("a readable PEM file", Form::certificates),
  BROKER_URL(BrokerUrl.ALLOWED, (text, in) -> BrokerUrl.parse(text)),
  SERVER_URL(ServerUrl.ALLOWED, (text, in) -> ServerUrl.parse(text)),
  AMQP_URL(AmqpUrl.ALLOWED, (text, in) -> AmqpUrl.parse(text)),
  POSTGRES_URL(PostgresUrl.ALLOWED, (text, in) -> PostgresUrl.parse(text)),
  INFLUX_URL(HttpUrl.ALLOWED, (text, in) -> HttpUrl.parse(text)),
  PAGE_URL(ServerUrl.ALLOWED, (text, in) -> PagesConfig.mqttUrl(text)),
  /** {@code $share/group/filter} is allowed. */
  SUBSCRIPTION("MQTT filters", (text, in) -> right(text, ": ", TopicFilterRule.problem(text))),
  /** What clients may do; no {@code $share/…}. */
  RULE("MQTT filters", (text, in) -> right(text, ": ", TopicFilterRule.ruleProblem(text))),
  FILTERS("MQTT topic filters", (text, in) -> right(text, ": ", TopicFilter.problem(text))),
  FILTER("an MQTT topic filter", (text, in) -> right(text, ", ", TopicFilter.problem(text))),
  MQTT_TOPIC("an MQTT topic of 1..256 bytes, without + and #", (text, in) -> mqttTopic(text)),
  LIVE_TOPIC("1..64 of A-Z a-z 0-9 _ . -", "[A-Za-z0-9_.-]{1,64}"),
  ORIGIN("http[s]://host[:port], or *", (text, in) -> origin(text)),
  SUBNET("IP addresses or CIDR blocks (10.0.0.0/8)", (text, in) -> subnet(text)),
  CLUSTER_MEMBER("host or host:port", "[A-Za-z0-9._-]{1,253}(:\\d{1,5})?"),
  JOURNAL_FILE("a plain file name that ends in .ndjson", (text, in) -> journalFile(text)),
  CANDIDATE("different texts of 1..60 characters", ".{1,60}"),
  /** A short string, AMQP 0-9-1 section 4.2.5.3. */
  AMQP_NAME("1..255 bytes", (text, in) -> ofBytes(text, 255)),
  MEMBER_PATH("1..8 names of members, joined by dots", (text, in) -> memberPath(text)),
  TABLE("1..40 of a-z 0-9 _, not first a digit", "[a-z_][a-z0-9_]{0,39}"),
  COLUMN("1..63 of a-z 0-9 _, not first a digit", "[a-z_][a-z0-9_]{0,62}");

  private static final Pattern PATH = Pattern.compile("[^.]{1,256}(\\.[^.]{1,256}){0,7}");
  private static final Pattern ORIGIN_FORM =
      Pattern.compile("\\*|https?://([a-z0-9._-]{1,253}|\\[[0-9a-f:.]{2,45}])(:\\d{1,5})?");
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\\.ndjson");

  private final String allowed;
  private final String pattern;
  private final Reader reader;

  Form(String allowed) {
    this(allowed, null, (text, workingDir) -> text);
  }

  Form(String allowed, Reader reader) {
    this(allowed, null, reader);
  }

  Form(String allowed, String pattern) {
    this(allowed, pattern, matching(Pattern.compile(pattern)));
  }

  Form(String allowed, String pattern, Reader reader) {
    this.allowed = allowed;
    this.pattern = pattern;
    this.reader = reader;
  }

  /** For messages and the documentation. */
  String allowed() {
    return allowed;
  }

  /** A regular expression for the whole text, or null if it takes more than that. */
  String pattern() {
    return pattern;
  }

  boolean isUrl() {
    return switch (this) {
      case BROKER_URL, SERVER_URL, AMQP_URL, POSTGRES_URL, INFLUX_URL -> true;
      default -> false;
    };
  }

  /**
   * @param workingDir where relative paths start
   */
  Object read(String text, Path workingDir) throws Unusable {
    return reader.read(text, workingDir);
  }

  @FunctionalInterface
  private interface Reader {
    Object read(String text, Path workingDir) throws Unusable;
  }

  private static Reader matching(Pattern pattern) {
    return (text, workingDir) -> {
      if (!pattern.matcher(text).matches()) {
        throw new Unusable(null, null);
      }
      return text;
    };
  }

  private static String right(String text, String separator, Optional<String> problem)
      throws Unusable {
    if (problem.isPresent()) {
      throw new Unusable(Found.text(text) + separator + problem.get(), null);
    }
    return text;
  }

  private static String host(String text) throws Unusable {
    if (!HostRule.isHost(text)) {
      boolean port = text.matches("[^:]*:\\d{1,5}|\\[.*]:\\d{1,5}");
      throw new Unusable(null, port ? "a host alone; the port has a key of its own" : null);
    }
    return HostRule.unbracketed(text);
  }

  private static Path directory(String text, Path workingDir) throws Unusable {
    Path path = resolve(text, workingDir);
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new Unusable(path + ", which is a file", "a directory");
    }
    return path;
  }

  private static Path certificates(String text, Path workingDir) throws Unusable {
    Path path = resolve(text, workingDir);
    if (!Files.isRegularFile(path)) {
      throw new Unusable(path + ", which cannot be read", null);
    }
    PemFile.check(path);
    return path;
  }

  /** A path; a relative one starts in the working directory. */
  static Path resolve(String text, Path workingDir) throws Unusable {
    if (text.equals("~") || text.startsWith("~/")) {
      throw new Unusable(
          null, "a path; ~ means something to a shell only, write it out, as in /home/pi/data");
    }
    try {
      return workingDir.resolve(text).normalize();
    } catch (InvalidPathException error) {
      throw new Unusable(null, "a path");
    }
  }

  private static String mqttTopic(String text) throws Unusable {
    if (text.contains("+") || text.contains("#") || text.startsWith("$")) {
      throw new Unusable(null, null);
    }
    return ofBytes(text, 256);
  }

  private static String ofBytes(String text, int max) throws Unusable {
    if (text.getBytes(StandardCharsets.UTF_8).length > max) {
      throw new Unusable(null, null);
    }
    return text;
  }

  // As a browser sends it: lower case, without the slash an address bar shows.
  private static String origin(String text) throws Unusable {
    String origin = text.toLowerCase(Locale.ROOT).replaceFirst("/$", "");
    if (!ORIGIN_FORM.matcher(origin).matches()) {
      throw new Unusable(null, null);
    }
    return origin;
  }

  private static Subnet subnet(String text) throws Unusable {
    Subnet subnet = Subnet.parse(text);
    if (subnet == null) {
      throw new Unusable(null, null);
    }
    return subnet;
  }

  // The store keeps what it could not accept beside the journal, as rejected.ndjson.
  private static String journalFile(String text) throws Unusable {
    if (!FILE.matcher(text).matches() || text.equals("rejected.ndjson")) {
      throw new Unusable(null, null);
    }
    return text;
  }

  private static List<String> memberPath(String text) throws Unusable {
    if (!PATH.matcher(text).matches()) {
      throw new Unusable(null, null);
    }
    return List.of(text.split("\\.", -1));
  }
}
