package io.spillway.config;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * The InfluxDB that gets the numbers of every record. Either {@code database} (1.x) or {@code
 * bucket} (2.x) is set.
 */
public record InfluxConfig(
    @Key(
            byDefault = "http://127.0.0.1:8086",
            form = Form.INFLUX_URL,
            meaning = "InfluxDB, see [influx.md](influx.md)")
        URI url,
    @Key(form = Form.CHARACTERS_256, meaning = "of InfluxDB 1.x; this or `bucket`") String database,
    @Key(form = Form.CHARACTERS_256, meaning = "of 1.x; with a password") String username,
    @Key(meaning = "of 1.x") Secret password,
    @Key(form = Form.CHARACTERS_256, meaning = "of 2.x, with `bucket`") String org,
    @Key(form = Form.CHARACTERS_256, meaning = "of 2.x") String bucket,
    @Key(meaning = "sent as `Authorization: Token …`") Secret token,
    @Key(form = Form.PEM_FILE, meaning = "authorities to trust for `https://`; null: those of Java")
        Path caFile,
    @Key(
            byDefault = "records",
            form = Form.CHARACTERS_256,
            meaning = "the measurement of all points")
        String measurement,
    @Key(
            byDefault = {"_topic", "type", "sensor_id", "enseigne", "salle"},
            max = 100,
            form = Form.MEMBER_PATH,
            meaning = "members that become tags, an underscore in front left out")
        List<List<String>> tags,
    @Key(
            max = 100,
            form = Form.MEMBER_PATH,
            meaning = "members that become fields; none: every number")
        List<List<String>> fields,
    @Key(
            byDefault = "timestamp",
            form = Form.MEMBER_PATH,
            meaning = "member with the time; where it is not readable `_ts_src` counts")
        List<String> time,
    @Key(
            byDefault = "false",
            meaning =
                "times get nanoseconds from the offset, so that records of one ms and the same "
                    + "tags do not overwrite each other")
        boolean keepApart,
    @JsonUnwrapped SinkConfig sink)
    implements Checked {
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

  @Override
  public void check(Checks at) throws ConfigException {
    at.caFile(caFile, isTls());
    if ((database == null) == (bucket == null)) {
      String allowed = "database (InfluxDB 1.x) or bucket (2.x)";
      throw bucket == null
          ? at.missing("bucket", allowed)
          : at.wrong("bucket", "given beside database", allowed);
    }
    if (bucket != null && org == null) {
      throw at.missing("org", "the organisation of the bucket");
    }
    if ((username == null) != (password == null)) {
      throw at.wrong("password", "half of username and password", "both or none");
    }
  }
}
