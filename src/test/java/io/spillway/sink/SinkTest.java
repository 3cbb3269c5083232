package io.spillway.sink;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.next;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.config.SinkConfig;
import io.spillway.message.Lines;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A sink")
@ExtendWith(VertxExtension.class)
class SinkTest {
  @TempDir Path temp;

  @Test
  @DisplayName("tries again what could not even be begun to be written")
  void throwing(Vertx vertx) throws InterruptedException {
    Throwing database = new Throwing();
    follow(vertx, database);
    assertThat(next(database.written).first()).isEqualTo(1);
  }

  @Test
  @DisplayName("tries again to open what says nothing of its position")
  void positionless(Vertx vertx) throws InterruptedException {
    Throwing database = new Throwing();
    database.position = null;
    follow(vertx, database);
    assertThat(next(database.written).first()).isEqualTo(1);
  }

  private void follow(Vertx vertx, Destination database) {
    Channels.register(vertx);
    Channels.RECORDS_READ.answer(vertx, request -> Future.succeededFuture(one(request)));
    Sink sink =
        new Sink(
            new SinkConfig(1_000, 1 << 20, Duration.ofMillis(100), 50, Duration.ofSeconds(10)),
            on -> database,
            new DeadLetters(temp, "p", TimeSource.SYSTEM),
            new SimpleMeterRegistry(),
            TimeSource.SYSTEM);
    await(vertx.deployVerticle(sink));
  }

  /** A journal of one record. */
  private static Records one(ReadRequest request) {
    byte[] line = "{\"a\":1}\n".getBytes(UTF_8);
    boolean some = request.maxRecords() > 0 && request.from() == 1;
    return some
        ? new Records("j", 1, new Lines(line, 1), 1, 2)
        : new Records("j", 2, Lines.NONE, 1, 2);
  }

  /** Throws instead of its first write. */
  private static final class Throwing implements Destination {
    final BlockingQueue<SinkBatch> written = new LinkedBlockingQueue<>();
    Long position = 1L;
    private boolean thrown;

    @Override
    public String name() {
      return "postgres";
    }

    @Override
    public String address() {
      return "x:1";
    }

    @Override
    public int inFlightMax() {
      return 2;
    }

    @Override
    public Future<Long> open(String journal) {
      Long now = position;
      position = 1L;
      return Future.succeededFuture(now);
    }

    @Override
    public Future<Written> write(SinkBatch batch) {
      if (!thrown) {
        thrown = true;
        throw new IllegalStateException("no");
      }
      written.add(batch);
      return Future.succeededFuture(Written.sent(batch.lines().count(), true));
    }

    @Override
    public Future<Boolean> tryOut(SinkBatch record) {
      throw new AssertionError("nothing is refused here");
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }

    @Override
    public Fault explain(Throwable error) {
      return new Fault(FaultKind.OTHER, "no");
    }
  }
}
