package io.spillway.batch;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.bus.RoleState;
import io.spillway.config.BatchConfig;
import io.spillway.config.EdgeConfig;
import io.spillway.config.SpoolConfig;
import io.spillway.config.WhenFull;
import io.spillway.journal.UnusableDirectory;
import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A batcher that is asked for a name before it starts")
class BatcherNameTest {
  @TempDir Path temp;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  @DisplayName("tells in its state what was found damaged then, and all of it")
  void damaged() throws Exception {
    Path dir = temp.resolve("spool");
    String name = batcher(dir).nameBeforeStart();
    Files.writeString(dir.resolve(SpoolIdentity.FILE), "{}");
    Files.write(dir.resolve("redelivery-0"), new byte[100]);
    Batcher batcher = batcher(dir);
    assertThat(batcher.nameBeforeStart()).isEqualTo(name);

    Channels.register(vertx);
    BlockingQueue<RoleState> states = new LinkedBlockingQueue<>();
    Channels.ROLE_STATE.listen(vertx, states::add);
    await(vertx.deployVerticle(batcher));
    assertThat(batcher.edgeName()).isEqualTo(name);
    assertThat(next(states).fault().words()).contains(SpoolIdentity.FILE, "redelivery-0");
  }

  @Test
  @DisplayName("says of a directory that cannot be used what to do about it")
  void unusable() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> batcher(file.resolve("spool")).nameBeforeStart())
        .isInstanceOf(UnusableDirectory.class)
        .hasMessageContaining("edge.spool.dir")
        .hasMessageContaining("start again");
  }

  private static Batcher batcher(Path dir) {
    SpoolConfig spool = new SpoolConfig(dir, 1 << 20, 1 << 16, Duration.ZERO, WhenFull.BLOCK);
    BatchConfig batch = new BatchConfig(Duration.ofMillis(10), 100, 262_144);
    EdgeConfig edge = new EdgeConfig(null, null, spool, batch, null);
    return new Batcher(edge, new SimpleMeterRegistry(), TimeSource.SYSTEM);
  }
}
