package io.spillway.batch;

import static io.spillway.kit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.config.BatchConfig;
import io.spillway.journal.Damages;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.journal.RejectedLog;
import io.spillway.journal.State;
import io.spillway.kit.Await;
import io.spillway.kit.Heard;
import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Older epochs")
@ExtendWith(VertxExtension.class)
class OlderEpochsTest {
  @TempDir Path dir;
  private final AtomicInteger attempts = new AtomicInteger();
  private Vertx vertx;

  @BeforeEach
  void open(Vertx vertx) {
    this.vertx = vertx;
    Channels.register(vertx);
  }

  @Test
  @DisplayName("whose directory cannot be removed hold nothing up, and it is removed later")
  void removedLater() throws IOException {
    try (Heard heard = new Heard("io.spillway.batch.OlderEpochs")) {
      OlderEpochs older = new OlderEpochs(vertx, List.of(emptied()), this::remove);
      await(older.empty());
      assertThat(attempts).hasValue(1);
      assertThat(heard.lines())
          .contains(
              "WARN [spool] /in/the/way: cannot be written; all of %s is sent, and it is removed"
                      .formatted(dir)
                  + " later");
      Await.until("removed", Duration.ofSeconds(20), () -> attempts.get() == 2);
    }
  }

  @Test
  @DisplayName("are begun with no more once they stop")
  void stopped() throws IOException {
    OlderEpochs older = new OlderEpochs(vertx, List.of(emptied()), this::remove);
    older.stop();
    assertThat(older.empty().isComplete()).isFalse();
    older.close();
    assertThat(attempts).hasValue(0);
  }

  private void remove(Path removed) throws IOException {
    assertThat(removed).isEqualTo(dir);
    if (attempts.incrementAndGet() == 1) {
      throw new FileSystemException("/in/the/way");
    }
  }

  private OlderEpochs.Epoch emptied() throws IOException {
    JournalOptions options = JournalOptions.framed(dir, Spool.NAME);
    Journal journal = Journal.open(options, State.NONE, new Damages(), TimeSource.SYSTEM);
    Spool spool =
        new Spool(
            dir,
            new SpoolIdentity("pi", "e"),
            journal,
            1,
            null,
            journal.next(),
            1,
            DroppedNumbers.none());
    BatchConfig config = new BatchConfig(Duration.ofMillis(20), 100, 262_144);
    BatchMetrics metrics = new BatchMetrics(new SimpleMeterRegistry(), 1 << 20);
    Drain drain =
        new Drain(
            vertx, spool, new RejectedLog(dir), config, metrics, TimeSource.SYSTEM, ahead -> {});
    return new OlderEpochs.Epoch(spool, drain);
  }
}
