package io.spillway.batch;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.failure;
import static io.spillway.kit.Await.next;
import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.bus.Batch;
import io.spillway.bus.Channels;
import io.spillway.bus.Fault;
import io.spillway.bus.Forwarded;
import io.spillway.config.SpoolConfig;
import io.spillway.config.WhenFull;
import io.spillway.journal.Damages;
import io.spillway.kit.Await;
import io.spillway.message.Lines;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The way to the uplink")
@ExtendWith(VertxExtension.class)
class ForwardingTest {
  private static final String[] TEN = new String[10];

  static {
    Arrays.fill(TEN, "{}");
  }

  @TempDir Path dir;
  private final BlockingQueue<Batch> asked = new LinkedBlockingQueue<>();
  private final Promise<Void> welcome = Promise.promise();
  private Spool.Found found;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BatchMetrics metrics = new BatchMetrics(registry, 1);
  private Forwarding uplink;

  /** What records are answered with; 0: nothing. */
  private volatile long answer;

  /** Up to where the server had everything before. */
  private volatile long acknowledgedOnce;

  @BeforeEach
  void open(Vertx vertx) throws IOException {
    Channels.register(vertx);
    Channels.batchForward("pi").answer(vertx, this::answer);
    SpoolConfig config = new SpoolConfig(dir, 1 << 20, 65_536, Duration.ZERO, WhenFull.BLOCK);
    Damages damages = new Damages();
    found =
        Spool.open(
            config,
            "pi",
            new SpoolMemo(dir, damages),
            damages,
            TimeSource.SYSTEM,
            renumbered -> {});
    uplink = new Forwarding(vertx, found.current(), ahead -> {}, metrics);
  }

  /** Answers announcements when the server has welcomed it, and records never. */
  private Future<Forwarded> answer(Batch batch) {
    asked.add(batch);
    return batch.lines().isEmpty()
        ? welcome.future().map(batch.forwarded(batch.next(), true, batch.next()))
        : answer > 0
            ? Future.succeededFuture(
                batch.forwarded(answer, true, Math.max(answer, acknowledgedOnce)))
            : Promise.<Forwarded>promise().future();
  }

  @AfterEach
  void close() {
    found.close();
  }

  @Test
  @DisplayName("says that a server can have what was forwarded, though none of it was answered")
  void unanswered() throws Exception {
    welcome.complete();
    await(uplink.forward(1, 1, Lines.NONE));
    assertThat(next(asked).end()).isEqualTo(1);
    uplink.forward(1, 1, lines("{\"n\":1}", "{\"n\":2}"));
    assertThat(next(asked).end()).isEqualTo(3);
    uplink.forward(1, 1, lines("{\"n\":1}")); // again, to another uplink
    assertThat(next(asked).end()).isEqualTo(3);
  }

  @Test
  @DisplayName("takes no record before the server is known not to be farther than the spool")
  void announcedFirst() throws Exception {
    uplink.forward(1, 1, lines("{\"n\":1}"));
    Batch announcement = next(asked);
    assertThat(announcement.lines().isEmpty()).isTrue();
    assertThat(announcement.end()).isEqualTo(1);
    assertThat(asked).isEmpty();
    welcome.complete();
    assertThat(next(asked).next()).isEqualTo(2);
  }

  @Test
  @DisplayName("says up to where a server has acknowledged, also after the next start")
  void assured(Vertx vertx) throws Exception {
    assertThat(uplink.assured()).isEqualTo(1);
    Spool now = found.current();
    Spool later =
        new Spool(now.dir(), now.identity(), now.journal(), 9, now.key(), 9, 7, now.dropped());
    uplink = new Forwarding(vertx, later, ahead -> {}, metrics);
    welcome.complete();
    await(uplink.forward(9, 9, Lines.NONE));
    assertThat(next(asked).assured()).isEqualTo(7);
    assertThat(uplink.assured()).isEqualTo(9);
  }

  @Test
  @DisplayName("asks for what was dropped under way, and notes it before it goes on")
  void droppedUnderWay() throws Exception {
    welcome.complete();
    await(uplink.forward(1, 1, Lines.NONE));
    next(asked);
    DroppedNumbers dropped = found.current().dropped();
    uplink.forward(1, 1, lines(TEN)); // no answer comes
    next(asked);
    dropped.deleting(1, 11);
    uplink.dropped(1, 11);
    assertThat(uplink.droppedUndecided()).isEqualTo(10);

    answer = 5; // the server has four of them, and not what comes now
    assertThat(await(uplink.forward(11, 11, lines("{\"n\":11}")))).isEqualTo(5);
    Batch asking = next(asked);
    assertThat(asking.undecided()).isEqualTo(1);
    assertThat(asking.isAsking()).isTrue();
    assertThat(registry.counter("spillway.spool.dropped.stored").count()).isEqualTo(4);
    assertThat(Files.readString(dir.resolve("dropped.json")))
        .contains("\"ranges\":[5,11],\"assured\":5}");

    answer = 12;
    await(uplink.forward(11, 11, lines("{\"n\":11}")));
    assertThat(next(asked).isAsking()).isFalse();
    answer = 0;
    uplink.forward(12, 12, lines("{\"n\":12}"));
    assertThat(next(asked).assuredFrom()).isEqualTo(11);
  }

  @Test
  @DisplayName("calls nothing dropped that a server has acknowledged, though it lacks it now")
  void acknowledgedOnce() throws Exception {
    dropTen();
    acknowledgedOnce = 8;
    answer = 5;
    assertThat(await(uplink.forward(11, 11, lines("{\"n\":11}")))).isEqualTo(5);
    assertThat(uplink.assured()).isEqualTo(8);
    assertThat(registry.counter("spillway.spool.dropped.stored").count()).isEqualTo(7);
    assertThat(Files.readString(dir.resolve("dropped.json")))
        .contains("\"ranges\":[8,11],\"assured\":8}");
  }

  @Test
  @DisplayName("counts as stored after all what the server said it has as it was dropped")
  void answeredAsItWasDropped() throws Exception {
    welcome.complete();
    await(uplink.forward(1, 1, Lines.NONE));
    answer = 11;
    await(uplink.forward(1, 1, lines(TEN)));
    found.current().dropped().deleting(1, 11);
    uplink.dropped(1, 11); // and nobody has moved the window yet
    answer = 12;
    await(uplink.forward(11, 11, lines("{\"n\":11}")));
    assertThat(registry.counter("spillway.spool.dropped.stored").count()).isEqualTo(10);
  }

  @Test
  @DisplayName("takes no answer for one while what was dropped cannot be noted")
  void notNoted() throws Exception {
    dropTen();
    answer = 5;
    Path away = dir.resolveSibling(dir.getFileName() + "-away");
    Files.move(dir, away);
    Files.createFile(dir); // where a directory should be
    assertThat(failure(uplink.forward(11, 11, lines("{\"n\":11}"))))
        .hasMessageContaining("what was dropped is not noted");
    assertThat(uplink.fault().words()).contains("until it is, nothing goes on");
    Files.delete(dir);
    Files.move(away, dir);
    assertThat(await(uplink.forward(11, 11, lines("{\"n\":11}")))).isEqualTo(5);
    assertThat(uplink.fault()).as("told no longer").isEqualTo(Fault.NONE);
    next(asked);
    assertThat(next(asked).isAsking()).as("asks again").isTrue();
    assertThat(registry.counter("spillway.spool.dropped.stored").count()).isEqualTo(4);
    assertThat(Files.readString(dir.resolve("dropped.json")))
        .contains("\"ranges\":[5,11],\"assured\":5}");
  }

  @Test
  @DisplayName("sends nothing that goes just now, and may count as never sent")
  void goes() throws Exception {
    welcome.complete();
    await(uplink.forward(1, 1, Lines.NONE));
    found.current().dropped().deleting(1, 11);
    assertThat(failure(uplink.forward(1, 1, lines("{\"n\":1}"))))
        .hasMessageContaining("dropped meanwhile");
    assertThat(uplink.droppedUndecided()).isZero();

    uplink.dropped(1, 11);
    answer = 12; // the number behind those that the server was told to step over
    await(uplink.forward(11, 11, lines("{\"n\":11}")));
    assertThat(registry.counter("spillway.spool.dropped.stored").count()).isZero();
  }

  @Test
  @DisplayName("keeps nothing that was dropped while no server had welcomed it")
  void heldAndDropped() throws Exception {
    Future<Long> gone = uplink.forward(1, 1, lines("{\"n\":1}"));
    next(asked);
    uplink.dropped(1, 2);
    Future<Long> kept = uplink.forward(2, 2, lines("{\"n\":2}"));
    answer = 3;
    welcome.complete();
    assertThat(failure(gone)).hasMessageContaining("dropped meanwhile");
    assertThat(await(kept)).isEqualTo(3);
    assertThat(next(asked).first()).isEqualTo(2);
  }

  @Test
  @DisplayName("needs no more memory for more that is dropped while no server welcomes it")
  void memoryOfTheDropped() throws Exception {
    List<WeakReference<Lines>> sent = new ArrayList<>();
    for (int n = 1; n <= 50; n++) {
      Lines lines = lines("{\"n\":" + n + "}");
      sent.add(new WeakReference<>(lines));
      uplink.forward(n, n, lines);
      uplink.dropped(n, n + 1);
    }
    Await.until(
        "all are let go of",
        Duration.ofSeconds(20),
        () -> {
          System.gc();
          return sent.stream().allMatch(lines -> lines.get() == null);
        });
  }

  /** Ten are under way, and dropped. */
  private void dropTen() throws Exception {
    welcome.complete();
    await(uplink.forward(1, 1, Lines.NONE));
    uplink.forward(1, 1, lines(TEN));
    next(asked);
    next(asked);
    found.current().dropped().deleting(1, 11);
    uplink.dropped(1, 11);
  }

  @Test
  @DisplayName("asks after the next start, too")
  void droppedBeforeTheStart(Vertx vertx) throws Exception {
    found.current().dropped().sending(1, 11);
    found.current().dropped().deleting(1, 11);
    Spool now = found.current();
    Spool later =
        new Spool(now.dir(), now.identity(), now.journal(), 11, now.key(), 11, 1, now.dropped());
    uplink = new Forwarding(vertx, later, ahead -> {}, metrics);
    welcome.complete();
    answer = 11;
    uplink.forward(11, 11, lines("{\"n\":11}"));
    assertThat(next(asked).undecided()).isEqualTo(1);
  }
}
