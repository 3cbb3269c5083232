package io.spillway.batch;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.failure;
import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.bus.Arrival;
import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.Chunk;
import io.spillway.bus.Forwarded;
import io.spillway.bus.ReadOn;
import io.spillway.config.BatchConfig;
import io.spillway.config.EdgeConfig;
import io.spillway.config.SpoolConfig;
import io.spillway.config.WhenFull;
import io.spillway.journal.Damages;
import io.spillway.redelivery.Habit;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A spool's key")
@ExtendWith(VertxExtension.class)
class SpoolKeyTest {
  @TempDir Path dir;
  private Vertx vertx;
  private final BlockingQueue<Batch> asked = new LinkedBlockingQueue<>();
  private boolean acknowledging = true;

  @BeforeEach
  void open(Vertx vertx) {
    this.vertx = vertx;
    Channels.register(vertx);
    Channels.batchForward("pi").answer(vertx, this::answer);
  }

  private Future<Forwarded> answer(Batch batch) {
    asked.add(batch);
    return acknowledging
        ? Future.succeededFuture(batch.forwarded(batch.next(), true, batch.next()))
        : Future.failedFuture(BusFailure.UNAVAILABLE.because("no server"));
  }

  @Test
  @DisplayName("is made with the epoch and stays, and every batch has it")
  void made() throws Exception {
    Batch first = started();
    assertThat(first.origin().key()).matches("[0-9a-f]{32}");
    assertThat(first.end()).isEqualTo(1);
    stop();
    Batch again = started();
    assertThat(again.origin().key()).isEqualTo(first.origin().key());
    assertThat(again.epoch()).isEqualTo(first.epoch());
    stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"key.json", "key.copy.json"})
  @DisplayName("survives either of its files, which is written again")
  void twoFiles(String name) throws IOException {
    String key = SpoolKey.create(dir, "e");
    Path file = dir.resolve(name);
    byte[] right = Files.readAllBytes(file);
    for (String damage :
        List.of("", "{}", "null", "[]", "x", Files.readString(file).replace(key, "0".repeat(32)))) {
      Files.writeString(file, damage);
      assertThat(SpoolKey.load(dir, "e", new Damages())).as(damage).isEqualTo(key);
      assertThat(file).hasBinaryContent(right);
    }
    Files.delete(file);
    assertThat(SpoolKey.load(dir, "e", new Damages())).isEqualTo(key);
    assertThat(file).hasBinaryContent(right);
    assertThat(SpoolKey.load(dir, "another", new Damages())).isNull();
  }

  @Test
  @DisplayName("comes with a new epoch to a spool from before keys, once that is empty")
  void fromBefore() throws Exception {
    acknowledging = false;
    Batch made = started();
    hand("{\"n\":1}");
    stop();
    Files.delete(dir.resolve("key.json"));
    Files.delete(dir.resolve("key.copy.json"));

    Batch old = started();
    assertThat(old.origin().key()).isNull(); // its record waits, and belongs to the old epoch
    assertThat(old.epoch()).isEqualTo(made.epoch());
    acknowledging = true;
    stop();

    Batch fresh = started();
    assertThat(fresh.origin().key()).isNotNull();
    assertThat(fresh.epoch()).isNotEqualTo(made.epoch());
    assertThat(fresh.first()).isEqualTo(1);
    hand("{\"n\":2}");
    Batch record = next();
    while (record.lines().isEmpty()) {
      record = next();
    }
    assertThat(texts(record.lines()))
        .singleElement()
        .asString()
        .contains("\"_id\":\"pi." + fresh.epoch() + ".1\"");
    stop();
    assertThat(started().epoch()).isEqualTo(fresh.epoch());
    stop();
  }

  @Test
  @DisplayName("goes with the memory that a server acknowledged, which a restart keeps")
  void acknowledgedOnce() throws Exception {
    acknowledging = false;
    Batch before = started();
    assertThat(before.origin().acknowledged()).isFalse();
    acknowledging = true;
    hand("{\"n\":1}");
    while (!new AcknowledgedEpoch(dir).is(before.epoch())) {
      Thread.onSpinWait();
    }
    stop();
    assertThat(started().origin().acknowledged()).isTrue();
    stop();
  }

  @Test
  @DisplayName("of another edge: an answer to its batch is none to ours")
  void checked() throws Exception {
    Vertx other = Vertx.vertx();
    try {
      Channels.register(other);
      Channels.batchForward("pi")
          .answer(
              other,
              batch ->
                  Future.succeededFuture(
                      new Forwarded("attic", batch.epoch(), batch.first(), 1_000, true, 1_000)));
      Spool older =
          new Spool(dir, new SpoolIdentity("pi", "e"), null, 1, null, 1, 1, DroppedNumbers.none());
      Forwarding uplink =
          new Forwarding(other, older, ahead -> {}, new BatchMetrics(new SimpleMeterRegistry(), 1));
      Throwable refused = failure(uplink.forward(1, 1, lines("{}")));
      assertThat(BusFailure.of(refused)).isEqualTo(BusFailure.UNAVAILABLE);
      assertThat(refused).hasMessageContaining("attic");
    } finally {
      await(other.close());
    }
  }

  // --- what the tests are made of

  private String deployment;

  /** The batch by which the batcher announces itself. */
  private Batch started() throws InterruptedException {
    SpoolConfig spool = new SpoolConfig(dir, 1 << 20, 65_536, Duration.ZERO, WhenFull.BLOCK);
    BatchConfig batch = new BatchConfig(Duration.ofMillis(20), 100, 262_144);
    deployment =
        await(
            vertx.deployVerticle(
                new Batcher(
                    new EdgeConfig("pi", null, spool, batch, null),
                    new SimpleMeterRegistry(),
                    TimeSource.SYSTEM)));
    return next();
  }

  private Batch next() throws InterruptedException {
    return io.spillway.kit.Await.next(asked);
  }

  private void stop() {
    await(vertx.undeploy(deployment));
    asked.clear();
  }

  private void hand(String record) {
    Chunk chunk =
        new Chunk(
            record.hashCode(),
            false,
            lines(record),
            List.of(new Arrival(0, 0, false, 1)),
            List.of(),
            false,
            new ReadOn(1, Habit.UNKNOWN, 0));
    await(Channels.readingIn("pi").request(vertx, chunk));
  }
}
