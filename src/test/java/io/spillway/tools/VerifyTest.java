package io.spillway.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("verify")
class VerifyTest {
  @TempDir private Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  @DisplayName("passes a clean directory with gzip segments, in the order of their offsets")
  void cleanDirectory() throws IOException {
    gzip("ingest-00000000000000000001.ndjson.gz", records(1, 100));
    write("ingest-00000000000000000101.ndjson", records(101, 200) + "{\"plain\":1}\n");
    write("ingest.ndjson", records(201, 300));
    write("rejected.ndjson", "{\"reason\":\"torn\n");
    write("marks.json", "no journal");
    Files.createDirectory(dir.resolve("quarantine"));
    write("quarantine/ingest.ndjson", "garbage");
    assertThat(verify(dir)).isZero();
    assertThat(out.toString())
        .contains("301 records in 3 files", "1 records without _id", "pi", "3f9a", "clean");
  }

  @Test
  @DisplayName("passes an edge's spool with frame headers and without its head")
  void spool() throws IOException {
    write(
        "spool-00000000000000000041.ndjson",
        "[41,2]\n" + records(41, 42) + "[43,1]\n" + records(43, 43));
    assertThat(json(dir)).isZero();
    assertThat(edge()).contains(entry("first", 41), entry("last", 43), entry("records", 3));
  }

  @Test
  @DisplayName("finds a gap, also between two segments, and names it")
  void gap() throws IOException {
    write("ingest-00000000000000000001.ndjson", records(1, 10));
    write("ingest.ndjson", records(13, 20));
    assertThat(verify(dir)).isOne();
    assertThat(out.toString()).contains("pi.3f9a: missing 11-12", "FAULTY");
  }

  @Test
  @DisplayName("takes numbers that the server has set aside for no gap, and says why they were")
  void setAside() throws IOException {
    write("ingest.ndjson", records(1, 10) + records(13, 20));
    String rejected =
        "{\"topic\":\"pi.3f9a.11\",\"time\":\"\",\"reason\":\"too deep\",\"payload\":\"e30=\"}\n";
    String of01 = // its payload ends with ,"_id":"pi.3f9a.12"}
        "{\"topic\":\"pi.3f9a\",\"reason\":\"no object\",\"payload\":\"eyJhIiwiX2lkIjoicGkuM2Y5YS4xMiJ9\"}\n";
    write("rejected.1.ndjson", of01);
    write("rejected.ndjson", rejected);
    assertThat(verify(dir)).isZero();
    assertThat(out.toString())
        .contains("pi.3f9a: set aside 11-12: 1 × no object; 1 × too deep", "clean");
    write("rejected.ndjson", rejected.replace(".11", ".9"));
    assertThat(verify(dir)).isOne();
    assertThat(out.toString()).contains("pi.3f9a: missing 11\n", "FAULTY");
  }

  @Test
  @DisplayName("finds duplicates")
  void duplicates() throws IOException {
    assertThat(json(write("a.ndjson", records(1, 5) + records(3, 6)))).isOne();
    assertThat(edge()).contains(entry("duplicates", 3), entry("outOfOrder", 0), entry("gaps", 0));
  }

  @Test
  @DisplayName("finds records out of order")
  void outOfOrder() throws IOException {
    assertThat(json(write("a.ndjson", records(1, 2) + records(4, 4) + records(3, 3)))).isOne();
    assertThat(edge()).contains(entry("duplicates", 0), entry("outOfOrder", 1), entry("gaps", 0));
  }

  @Test
  @DisplayName("finds torn lines: no line end, not JSON, empty; and says where")
  void torn() throws IOException {
    Path file =
        write(
            "a.ndjson", records(1, 1) + "{\"t\":\n\n" + records(2, 2) + "{\"_id\":\"pi.3f9a.3\"}");
    assertThat(verify(file)).isOne();
    assertThat(out.toString())
        .contains("2 records", "3 torn lines", file + ":2: not a JSON object", file + ":3: empty")
        .contains(file + ":5: no line end at the end of the file");
  }

  @Test
  @DisplayName("keeps edges and epochs apart")
  void series() throws IOException {
    String text = records(1, 2) + records(1, 2).replace("3f9a", "77aa") + records(3, 3);
    assertThat(json(write("a.ndjson", text))).isZero();
    assertThat(result().getJsonArray("edges")).hasSize(2);
  }

  @Test
  @DisplayName("checks a gzip that is cut short up to the cut, and then what follows")
  void cutGzip() throws IOException {
    Path gz = gzip("ingest-00000000000000000001.ndjson.gz", records(1, 5000));
    byte[] whole = Files.readAllBytes(gz);
    Files.write(gz, Arrays.copyOf(whole, whole.length / 2));
    write("ingest.ndjson", records(5001, 5002));
    assertThat(json(dir)).isOne();
    assertThat(result().getJsonArray("problems").getString(0)).contains("gzip is cut short");
    assertThat(edge()).contains(entry("first", 1), entry("last", 5002), entry("gaps", 1));
    assertThat(result().getInteger("torn")).isZero();
  }

  @Test
  @DisplayName("reports what cannot be read and goes on")
  void unreadable() throws IOException {
    Path notGzip = write("b.ndjson.gz", "plain text");
    Path good = write("a.ndjson", records(1, 3));
    Path empty = Files.createDirectory(dir.resolve("empty"));
    assertThat(verify(dir.resolve("absent.ndjson"), notGzip, empty, good)).isOne();
    assertThat(out.toString())
        .contains("absent.ndjson: no such file or directory", "b.ndjson.gz: not readable as gzip")
        .contains("empty: no journal here", "3 records");
  }

  @Test
  @DisplayName("reads a segment once when it is there both plain and compressed, or named twice")
  void once() throws IOException {
    gzip("ingest-00000000000000000001.ndjson.gz", records(1, 10));
    Path plain = write("ingest-00000000000000000001.ndjson", records(1, 10));
    assertThat(verify(dir, plain)).isZero();
    assertThat(out.toString()).contains("10 records", "gz: not read");
  }

  @Test
  @DisplayName("reads lines longer than a block")
  void longLines() throws IOException {
    String lon = "{\"a\":\"" + "x".repeat(3_000_000) + "\",\"_id\":\"pi.3f9a.2\"}\n";
    assertThat(json(write("a.ndjson", records(1, 1) + lon + records(3, 9000)))).isZero();
    assertThat(edge()).contains(entry("records", 9000), entry("gaps", 0));
  }

  @Test
  @DisplayName("prints no name of an edge that a terminal would obey, or that pretends a line")
  void namesOfStrangers() throws IOException {
    String name = "a\\u001b[2J\\nclean\\u202e\\u007f";
    write("ingest.ndjson", (records(1, 1) + records(3, 3)).replace("pi.", name + "."));
    assertThat(verify(dir)).isOne();
    assertThat(out.toString().replace("\n", ""))
        .contains("a\\u001b[2J\\nclean\\u202e\\u007f.3f9a: missing 2", "FAULTY")
        .doesNotContain("\u001b", "\u202e", "\u007f");
    out.getBuffer().setLength(0);
    assertThat(json(dir)).isOne();
    assertThat(out.toString()).doesNotContain("\u202e", "\u007f");
    assertThat(edge()).containsEntry("edge", "a\u001b[2J\nclean\u202e\u007f");
  }

  @Test
  @DisplayName("refuses to run without a file, with exit code 2")
  void usage() {
    assertThat(verify()).isEqualTo(2);
    assertThat(err.toString()).contains("FILE|DIR");
  }

  private static Map.Entry<String, Object> entry(String name, int value) {
    return Map.entry(name, value);
  }

  private Map<String, Object> edge() {
    return result().getJsonArray("edges").getJsonObject(0).getMap();
  }

  private JsonObject result() {
    return new JsonObject(out.toString());
  }

  private int verify(Path... paths) {
    return run(Arrays.stream(paths).map(Path::toString).toArray(String[]::new));
  }

  private int json(Path path) {
    return run("--json", path.toString());
  }

  private int run(String... args) {
    return new CommandLine(new Verify())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  private static String records(long first, long last) {
    return LongStream.rangeClosed(first, last)
        .mapToObj(
            seq ->
                "{\"t\":" + seq * 7919 + ",\"_topic\":\"a/b\",\"_id\":\"pi.3f9a." + seq + "\"}\n")
        .collect(Collectors.joining());
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(dir.resolve(name), text);
  }

  private Path gzip(String name, String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gz = new GZIPOutputStream(bytes)) {
      gz.write(text.getBytes(UTF_8));
    }
    return Files.write(dir.resolve(name), bytes.toByteArray());
  }
}
