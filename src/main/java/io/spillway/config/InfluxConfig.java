package io.spillway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The InfluxDB that gets the numbers of every record. Either {@code database} (1.x) or {@code
 * bucket} (2.x) is set.
 *
 * @param url scheme, host, port and path, without a slash at its end
 * @param username of 1.x, null: none
 * @param token of 2.x, null: none
 * @param caFile PEM certificates to trust; null: those of the Java platform
 * @param tags paths of the members that become tags, each as names from the outermost one
 * @param fields likewise for fields; none: every number
 * @param time path of the member with the time
 * @param keepApart times get nanoseconds from the offset, so that no two points are the same
 */
public record InfluxConfig(
    URI url,
    String database,
    String username,
    Secret password,
    String org,
    String bucket,
    Secret token,
    Path caFile,
    String measurement,
    List<List<String>> tags,
    List<List<String>> fields,
    List<String> time,
    boolean keepApart,
    SinkConfig sink) {
  private static final String URL_ALLOWED = "http://host:port or https://host:port";
  private static final Pattern NAME = Pattern.compile("\\P{Cntrl}{1,256}");
  private static final String NAME_ALLOWED = "1..256 characters";
  private static final Pattern PATH = Pattern.compile("[^.]{1,256}(\\.[^.]{1,256}){0,7}");
  private static final String PATH_ALLOWED = "1..8 names of members, joined by dots";
  private static final String PATHS_ALLOWED = "0..100 of " + PATH_ALLOWED;
  private static final int PORT = 8086;

  public InfluxConfig {
    tags = List.copyOf(tags);
    fields = List.copyOf(fields);
    time = List.copyOf(time);
  }

  public boolean isTls() {
    return url.getScheme().equals("https");
  }

  public String host() {
    return HostRule.unbracketed(url.getHost());
  }

  public int port() {
    return url.getPort() < 0 ? PORT : url.getPort();
  }

  /** {@code host:port/database} or {@code host:port/bucket}, for people. */
  public String address() {
    return url.getHost() + ":" + port() + "/" + (database == null ? bucket : database);
  }

  static InfluxConfig from(Section section) throws ConfigException {
    URI url = url(section);
    InfluxConfig config =
        new InfluxConfig(
            url,
            section.optionalText("database", NAME, NAME_ALLOWED),
            section.optionalText("username", NAME, NAME_ALLOWED),
            section.secret("password", false),
            section.optionalText("org", NAME, NAME_ALLOWED),
            section.optionalText("bucket", NAME, NAME_ALLOWED),
            section.secret("token", false),
            Paths.caFile(section, url.getScheme().equals("https")),
            section.text("measurement", NAME_ALLOWED, "records"),
            paths(section, "tags", List.of("_topic", "type", "sensor_id", "enseigne", "salle")),
            paths(section, "fields", List.of()),
            List.of(section.text("time", PATH_ALLOWED, "timestamp").split("\\.", -1)),
            section.flag("keepApart", false),
            SinkConfig.from(section));
    check(section, config);
    section.rejectUnknownKeys();
    return config;
  }

  private static URI url(Section section) throws ConfigException {
    String text = section.url("url", URL_ALLOWED, "http://127.0.0.1:8086");
    try {
      URI url = new URI(text.replaceFirst("/+$", ""));
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      boolean bare = url.getRawQuery() == null && url.getRawUserInfo() == null;
      if (http && bare && url.getHost() != null && HostRule.isPort(url)) {
        return url;
      }
    } catch (URISyntaxException error) {
      // Said below, without the cause: its message is the whole URL.
    }
    throw section.wrong("url", Section.found(text), URL_ALLOWED + ", without user and parameters");
  }

  private static List<List<String>> paths(Section section, String key, List<String> byDefault)
      throws ConfigException {
    List<List<String>> paths = new ArrayList<>();
    for (String path : section.texts(key, 0, 100, PATHS_ALLOWED, byDefault)) {
      if (!PATH.matcher(path).matches()) {
        throw section.wrong(key, Section.found(path), PATHS_ALLOWED);
      }
      paths.add(List.of(path.split("\\.", -1)));
    }
    return paths;
  }

  private static void check(Section section, InfluxConfig config) throws ConfigException {
    if ((config.database == null) == (config.bucket == null)) {
      String found = config.bucket == null ? "missing" : "given beside database";
      throw section.wrong("bucket", found, "database (InfluxDB 1.x) or bucket (2.x)");
    }
    if (config.bucket != null && config.org == null) {
      throw section.wrong("org", "missing", "the organisation of the bucket");
    }
    if ((config.username == null) != (config.password == null)) {
      throw section.wrong("password", "half of username and password", "both or none");
    }
  }
}
