package io.spillway.iaq;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.next;
import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.KillImage;
import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.StoreRequest.Plain;
import io.spillway.config.IaqConfig;
import io.spillway.config.JournalConfig;
import io.spillway.kit.Await;
import io.spillway.message.Timestamps;
import io.spillway.store.Store;
import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.impl.OutboundDeliveryContext;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The indoor-air processor")
@ExtendWith(VertxExtension.class)
class IaqProcessorTest {
  private static final long START = 1_763_546_700_000L;
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path temp;
  private Vertx vertx;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private IaqConfig config = quick(Duration.ofMinutes(1), Duration.ofMinutes(1));
  private Path dir;
  private String store;
  private String processor;

  @BeforeEach
  void open(Vertx vertx) {
    this.vertx = vertx;
    Channels.register(vertx);
    dir = temp.resolve("data");
    startStore();
    startProcessor();
  }

  @Test
  @DisplayName("writes what follows from a measurement behind it, each with its identity")
  void follows() {
    send("{\"sensor_id\":\"a\",\"co2\":2500}");

    awaitOwn(3);
    assertThat(own())
        .extracting(record -> record.getString("_id"))
        .containsExactly("iaq.1.module.new", "iaq.1.alert.co2.high", "iaq.1.action.co2.high");
    assertThat(own()).allMatch(record -> record.getString("sensor_id").equals("a"));
    JsonObject measurement = records().get(0);
    assertThat(measurement.getInteger("global_score")).isEqualTo(21);
    assertThat(measurement.getJsonObject("values").getInteger("CO2")).isEqualTo(2500);
  }

  @Test
  @DisplayName("waits an hour for the store: asked again, it would store the same twice")
  void patient() throws InterruptedException {
    BlockingQueue<Long> patience = new LinkedBlockingQueue<>();
    vertx
        .eventBus()
        .addOutboundInterceptor(
            (DeliveryContext<Object> delivery) -> {
              if (delivery.body() instanceof Plain plain
                  && texts(plain.lines()).get(0).contains("\"_id\":\"iaq.")) {
                patience.add(((OutboundDeliveryContext<Object>) delivery).options.getSendTimeout());
              }
              delivery.next();
            });
    send("{\"sensor_id\":\"a\",\"co2\":500}");
    assertThat(next(patience)).isEqualTo(3_600_000);
  }

  @Test
  @DisplayName("passes over everything else, its own records, too")
  void passesOver() {
    send("{\"wind\":3}", "{\"type\":\"alert\",\"co2\":5000,\"sensor_id\":\"a\"}");
    send("{\"sensor_id\":\"last\",\"co2\":500}");

    awaitOwn(1);
    await(vertx.timer(200));
    assertThat(records()).hasSize(4);
    assertThat(own()).hasSize(1);
  }

  @Test
  @DisplayName("says that a sensor is stale, and that it is back")
  void stale() {
    restart(quick(Duration.ofMillis(200), Duration.ofMinutes(1)));
    send("{\"sensor_id\":\"a\",\"co2\":500}");
    awaitOwn(2);
    send("{\"sensor_id\":\"a\",\"co2\":500}");
    awaitOwn(3);

    assertThat(own().subList(0, 3))
        .extracting(record -> record.getString("state"))
        .containsExactly("new", "stale", "back");
  }

  @Test
  @DisplayName("goes on after a stop where it was, with what it knew")
  void goesOn() {
    send("{\"sensor_id\":\"a\",\"co2\":2500}");
    awaitOwn(3);
    await(vertx.undeploy(processor));
    send("{\"sensor_id\":\"a\",\"co2\":500}", "{\"sensor_id\":\"b\",\"co2\":500}");
    startProcessor();
    awaitOwn(5);

    assertThat(own().subList(3, 5))
        .extracting(record -> record.getString("_id"))
        .containsExactly("iaq.5.alert.co2.high", "iaq.6.module.new");
    assertThat(own().get(3).getString("state")).isEqualTo("over");
  }

  @Test
  @DisplayName("writes everything once, whatever moment it was killed in")
  void killed() throws IOException {
    restart(quick(Duration.ofMinutes(1), Duration.ofMillis(100)));
    int rounds = 5;
    int each = 200;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < each; i += 10) {
        List<String> batch = new ArrayList<>();
        for (int n = round * each + i; n < round * each + i + 10; n++) {
          batch.add(swinging(n));
        }
        send(batch.toArray(String[]::new));
      }
      crash("image-" + round);
    }
    send("{\"sensor_id\":\"last\",\"co2\":500}");
    Await.until(
        "the last is looked at",
        SOON,
        () -> own().stream().anyMatch(r -> r.getString("sensor_id").equals("last")));

    List<String> ids = own().stream().map(record -> record.getString("_id")).toList();
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(ids).containsExactlyInAnyOrderElementsOf(expected());
  }

  /** CO2 of two sensors, up and down through both thresholds. */
  private static String swinging(int n) {
    int co2 = new int[] {500, 1200, 2600, 1700, 700}[n / 2 % 5];
    return "{\"n\":%d,\"sensor_id\":\"s%d\",\"timestamp\":\"%s\",\"co2\":%d}"
        .formatted(n, n % 2, Timestamps.format(START + n * 10_000L), co2);
  }

  /** What follows from the journal as it is, if nobody had been killed. */
  private List<String> expected() {
    Engine engine = new Engine(config, System::currentTimeMillis);
    List<String> ids = new ArrayList<>();
    long offset = 1;
    for (JsonObject record : records()) {
      engine
          .take(offset++, lines(record.encode()), id -> false)
          .forEach(writtenIds -> ids.add(writtenIds.id()));
    }
    return ids;
  }

  @Test
  @DisplayName("begins at the end of a journal that it does not know")
  void beginsAtTheEnd() throws IOException {
    await(vertx.undeploy(processor));
    Files.delete(dir.resolve("iaq.state"));
    send("{\"sensor_id\":\"old\",\"co2\":500}");
    startProcessor();
    send("{\"sensor_id\":\"new\",\"co2\":500}");
    awaitOwn(1);

    assertThat(own().get(0).getString("sensor_id")).isEqualTo("new");
  }

  @Test
  @DisplayName("begins anew, and says so, when what was saved cannot be read")
  void brokenState() throws IOException {
    await(vertx.undeploy(processor));
    Files.write(dir.resolve("iaq.state"), new byte[] {1, 2, 3});
    startProcessor();
    send("{\"sensor_id\":\"a\",\"co2\":500}");

    awaitOwn(1);
  }

  // --- what the tests are made of

  private static IaqConfig quick(Duration stale, Duration save) {
    IaqConfig defaults = IaqConfig.DEFAULTS;
    return new IaqConfig(
        defaults.topics(),
        defaults.co2(),
        defaults.pm25(),
        defaults.tvoc(),
        defaults.temperature(),
        defaults.humidity(),
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        defaults.sensors(),
        defaults.staleFactor(),
        stale,
        defaults.predict(),
        save);
  }

  private void startStore() {
    JournalConfig journal =
        new JournalConfig(
            dir,
            "ingest.ndjson",
            Duration.ZERO,
            64 << 20,
            Duration.ofMinutes(60),
            false,
            Duration.ZERO,
            0);
    Completion completion = new Completion(config, System::currentTimeMillis);
    store =
        await(vertx.deployVerticle(new Store(journal, registry, completion, TimeSource.SYSTEM)));
  }

  private void startProcessor() {
    processor =
        await(vertx.deployVerticle(new IaqProcessor(config, dir, registry, TimeSource.SYSTEM)));
  }

  private void restart(IaqConfig other) {
    await(vertx.undeploy(processor));
    config = other;
    startProcessor();
  }

  /** What is on disk now is what a kill leaves: all goes on from a copy of it. */
  private void crash(String image) throws IOException {
    Path copy = temp.resolve(image);
    KillImage.copy(dir, copy);
    await(vertx.undeploy(processor));
    await(vertx.undeploy(store));
    dir = copy;
    startStore();
    startProcessor();
  }

  private void send(String... records) {
    await(Channels.BATCH_STORE.request(vertx, new Plain(lines(records), List.of())));
  }

  private List<JsonObject> records() {
    return texts(
            await(Channels.RECORDS_READ.request(vertx, new ReadRequest(1, 10_000, 8 << 20)))
                .lines())
        .stream()
        .map(JsonObject::new)
        .toList();
  }

  private List<JsonObject> own() {
    return records().stream()
        .filter(record -> record.getString("_id", "").startsWith("iaq."))
        .toList();
  }

  private void awaitOwn(int count) {
    Await.until(
        () -> count + " records of its own, not " + own(), SOON, () -> own().size() >= count);
  }
}
