package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MosquittoClients;
import io.spillway.kit.Ndjson;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A payload")
class PayloadIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String EDGE = "spillway-edge";

  @RegisterExtension final Site site = new Site();
  private Mosquitto broker;
  private Spillway server;
  private Spillway edge;
  private int sent;

  @BeforeEach
  void prepare() {
    broker = site.mosquitto();
    server = Spillway.server(site).start();
    edge = Spillway.edge(site, broker, server);
  }

  private void edgeRuns() {
    edge.start();
    broker.awaitSubscriber(EDGE);
  }

  private void send(byte[] payload) throws IOException {
    Path file = site.dir().resolve("payload-" + ++sent);
    Files.write(file, payload);
    MosquittoClients.pubFile(site, broker, "test/" + sent, file);
  }

  private void send(String payload) throws IOException {
    send(payload.getBytes(StandardCharsets.UTF_8));
  }

  /** Something ordinary, behind all else, has arrived: nothing was blocked. */
  private void allHasPassed() throws IOException {
    send("{\"last\":true}");
    server.stored().await("what came behind", line -> line.startsWith("{\"last\":true,"));
  }

  private JsonObject recordOn(String topic) {
    List<JsonObject> found = recordsOn(topic);
    assertThat(found).as(topic).hasSize(1);
    return found.get(0);
  }

  private List<JsonObject> recordsOn(String topic) {
    return server.stored().records().stream()
        .filter(record -> record.getString("_topic").equals(topic))
        .toList();
  }

  @Test
  @DisplayName("that is not a JSON object or array is kept aside, acknowledged, and blocks nothing")
  void poison() throws IOException {
    edgeRuns();
    List<byte[]> poison = new ArrayList<>();
    List<String> texts =
        List.of("", "   ", "nonsense", "\"text\"", "42", "null", "{", "{\"a\":1", "{\"a\":1}}");
    texts.forEach(text -> poison.add(text.getBytes(StandardCharsets.UTF_8)));
    for (String text :
        List.of("[1,2", "{'a':1}", "{\"a\":01}", "{\"a\":NaN}", "{\"a\":1} {\"b\":2}")) {
      poison.add(text.getBytes(StandardCharsets.UTF_8));
    }
    poison.add(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'});
    poison.add(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xc3, '"', '}'});
    poison.add(new byte[] {0, 1, 2, 3, (byte) 0x80});

    for (byte[] payload : poison) {
      send(payload);
    }
    allHasPassed();

    assertThat(server.stored().lines()).hasSize(1);
    List<JsonObject> rejected = new Ndjson(edge.spoolDir()).rejected();
    assertThat(rejected).hasSameSizeAs(poison);
    for (int i = 0; i < poison.size(); i++) {
      JsonObject kept = rejected.get(i);
      byte[] payload = Base64.getDecoder().decode(kept.getString("payload"));
      assertThat(payload).isEqualTo(poison.get(i));
      assertThat(kept.getString("topic")).isEqualTo("test/" + (i + 1));
      assertThat(kept.getString("reason")).isNotBlank();
      assertThat(kept.getString("time")).matches("\\d{4}-..-..T..:..:..\\.\\d{3}Z");
    }
    assertThat(Spillway.verify(site, server.dataDir()).exitCode()).isZero();
  }

  @Test
  @DisplayName("becomes one line with our members last, whatever its layout and own members")
  void enriched() throws IOException {
    edgeRuns();
    send("{\n  \"nested\": {\n    \"a\": [1, 2, {\"b\": null}]\n  },\n\t\"c\": \"d\"\r\n}\n");
    send("{\"_id\":\"mine\",\"_topic\":\"mine\",\"_ts_src\":1,\"_retained\":\"mine\",\"x\":1}");
    send("{}");
    send("{\"t\":\"é😀\\u0000\\n\\\"\",\"big\":12345678901234567890,\"real\":1.10e+400}");
    send("{\"inner\":{\"_id\":\"stays\"},\"_other\":1}");
    send("  \r\n {\"padded\":true} ");
    allHasPassed();

    assertThat(server.stored().lines()).hasSize(7);
    JsonObject pretty = recordOn("test/1");
    assertThat(pretty.getJsonObject("nested"))
        .isEqualTo(new JsonObject("{\"a\":[1,2,{\"b\":null}]}"));
    assertThat(pretty.getString("c")).isEqualTo("d");
    JsonObject colliding = recordOn("test/2");
    assertThat(colliding.getInteger("x")).isEqualTo(1);
    assertThat(colliding.getString("_id")).matches("edge\\.[0-9a-f]{8}\\.2");
    assertThat(colliding.getValue("_retained")).isEqualTo(false);
    assertThat(colliding.getString("_ts_src")).startsWith("20");
    assertThat(lineOn("test/2").split("\"_id\"", -1)).hasSize(2);
    assertThat(lineOn("test/2").split("\"_topic\"", -1)).hasSize(2);
    assertThat(recordOn("test/3").fieldNames())
        .containsExactly("_topic", "_ts_src", "_retained", "_id");
    assertThat(lineOn("test/4"))
        .contains("12345678901234567890")
        .contains("1.10e+400")
        .contains("é😀");
    assertThat(recordOn("test/5").getJsonObject("inner").getString("_id")).isEqualTo("stays");
    assertThat(recordOn("test/5").getInteger("_other")).isEqualTo(1);
    assertThat(recordOn("test/6").getBoolean("padded")).isTrue();
  }

  private String lineOn(String topic) {
    return server.stored().lines().stream()
        .filter(line -> line.contains("\"_topic\":\"" + topic + "\""))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName("that is an array becomes one record for each element, in order")
  void arrays() throws IOException {
    edgeRuns();
    send("[{\"a\":1},2,\"three\",null,[4],{\"_id\":\"mine\"}]");
    send("[]");
    allHasPassed();

    List<JsonObject> records = recordsOn("test/1");
    assertThat(records).hasSize(6);
    assertThat(records.get(0).getInteger("a")).isEqualTo(1);
    assertThat(records.get(1).getValue("value")).isEqualTo(2);
    assertThat(records.get(2).getValue("value")).isEqualTo("three");
    assertThat(records.get(3).containsKey("value")).isTrue();
    assertThat(records.get(3).getValue("value")).isNull();
    assertThat(records.get(4).getJsonArray("value")).isEqualTo(new JsonArray().add(4));
    assertThat(records)
        .extracting(record -> record.getString("_id").replaceAll(".*\\.", ""))
        .containsExactly("1", "2", "3", "4", "5", "6");
    assertThat(recordsOn("test/2")).isEmpty();
    assertThat(server.stored().lines()).hasSize(7);
  }

  @Test
  @DisplayName(
      "that is a bare value is a record where that is wanted, NDJSON is several, a BOM none")
  void bareValues() throws IOException {
    edge.set("edge.mqtt.scalars", "wrap");
    edgeRuns();
    send("22.38");
    send("Online");
    send("{\"a\":1}\n{\"a\":2}\r\n");
    send("\ufeff{\"a\":3}");
    allHasPassed();

    assertThat(recordOn("test/1").getDouble("value")).isEqualTo(22.38);
    assertThat(recordOn("test/2").getString("value")).isEqualTo("Online");
    assertThat(recordsOn("test/3")).extracting(each -> each.getInteger("a")).containsExactly(1, 2);
    assertThat(recordOn("test/4").getInteger("a")).isEqualTo(3);
    assertThat(edge.spoolDir().resolve("rejected.ndjson")).doesNotExist();
    assertThat(Spillway.verify(site, server.dataDir()).exitCode()).isZero();
  }

  @Test
  @DisplayName("passes up to the largest size allowed, and deep nesting harms nobody")
  void large() throws IOException {
    edgeRuns();
    String text = "x".repeat(250_000);
    send("{\"large\":\"" + text + "\"}");
    send("[" + "{\"v\":1},".repeat(20_000) + "{\"v\":2}]");
    send("{\"a\":".repeat(40_000) + "1" + "}".repeat(40_000));
    send("[".repeat(100_000));
    allHasPassed();

    assertThat(recordOn("test/1").getString("large")).isEqualTo(text);
    assertThat(recordsOn("test/2")).hasSize(20_001);
    assertThat(new Ndjson(edge.spoolDir()).rejected()).isNotEmpty();
    assertThat(Spillway.verify(site, server.dataDir()).exitCode()).isZero();
  }

  @Test
  @DisplayName("over edge.mqtt.maxMessageBytes is explained once and does not come back for ever")
  void tooLarge() throws IOException {
    edge.set("edge.mqtt.maxMessageBytes", 10_000);
    edgeRuns();
    send("{\"before\":1}");
    send("{\"large\":\"" + "x".repeat(50_000) + "\"}");
    send("{\"after\":1}");
    allHasPassed();
    send("{\"large\":\"" + "y".repeat(50_000) + "\"}");
    send("{\"again\":1}");
    server.stored().await("what came behind", line -> line.startsWith("{\"again\":1,"));

    assertThat(server.stored().lines()).hasSize(4);
    assertThat(edge.proc().output()).contains("maxMessageBytes");
    int attempts = edge.proc().output().split("\\[mqtt\\] connected", -1).length - 1;
    Await.until("the broker has nothing left", SOON, () -> connects() == attempts);
    assertThat(attempts).isLessThan(6);
  }

  private int connects() {
    return broker.proc().output().split(" as " + EDGE + " ", -1).length - 1;
  }

  @Test
  @DisplayName("of the largest size passes in the heap that the start asks for")
  void largestInSmallHeap() throws IOException {
    edge.set("edge.mqtt.maxMessageBytes", 1 << 20).jvm("-Xmx32m").start();
    edge.proc().awaitLine("edge.mqtt.maxMessageBytes: .* give it -Xmx36m or more", SOON);
    edge.kill9();
    edge.jvm("-Xmx36m").jvm("-XX:+ExitOnOutOfMemoryError");
    edgeRuns();
    assertThat(edge.proc().output()).doesNotContain("maxMessageBytes: ");
    String large = "{\"a\":\"" + "x".repeat(1_000_000) + "\"}";
    for (int i = 0; i < 20; i++) {
      send(large);
    }
    allHasPassed();
    assertThat(server.stored().records()).hasSize(21);
  }
}
