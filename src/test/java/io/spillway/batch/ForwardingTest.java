package io.spillway.batch;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.next;
import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Batch;
import io.spillway.bus.Channels;
import io.spillway.bus.Forwarded;
import io.spillway.config.SpoolConfig;
import io.spillway.config.WhenFull;
import io.spillway.journal.Damages;
import io.spillway.message.Lines;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
  @TempDir Path dir;
  private final BlockingQueue<Batch> asked = new LinkedBlockingQueue<>();
  private final Promise<Void> welcome = Promise.promise();
  private Spool.Found found;
  private Forwarding uplink;

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
    uplink = new Forwarding(vertx, found.current(), ahead -> {});
  }

  /** Answers announcements when the server has welcomed it, and records never. */
  private Future<Forwarded> answer(Batch batch) {
    asked.add(batch);
    return batch.lines().isEmpty()
        ? welcome.future().map(batch.forwarded(batch.next(), true))
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
    Spool later = new Spool(now.dir(), now.identity(), now.journal(), 9, now.key(), 9, 7);
    uplink = new Forwarding(vertx, later, ahead -> {});
    welcome.complete();
    await(uplink.forward(9, 9, Lines.NONE));
    assertThat(next(asked).assured()).isEqualTo(7);
    assertThat(uplink.assured()).isEqualTo(9);
  }
}
