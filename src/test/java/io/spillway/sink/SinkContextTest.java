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
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A sink whose database hangs")
@ExtendWith(VertxExtension.class)
class SinkContextTest {
  private static final int TIMEOUTS = 3;

  @TempDir Path temp;

  @Test
  @DisplayName("stays on its event loop, whichever thread a write of it times out on")
  void oneThread(Vertx vertx) throws InterruptedException {
    Channels.register(vertx);
    Channels.RECORDS_READ.answer(vertx, request -> Future.succeededFuture(one(request)));
    Hanging database = new Hanging(vertx);
    Sink sink =
        new Sink(
            new SinkConfig(1_000, 1 << 20, Duration.ofMillis(100), 50, Duration.ofMillis(100)),
            on -> database,
            new DeadLetters(temp, "p", TimeSource.SYSTEM),
            new SimpleMeterRegistry(),
            TimeSource.SYSTEM);
    await(vertx.deployVerticle(sink));

    Set<String> threads = new HashSet<>();
    for (int closed = 0; closed < TIMEOUTS; ) {
      String call = next(database.calls);
      threads.add(call.substring(call.indexOf(' ') + 1));
      closed += call.startsWith("close") ? 1 : 0;
    }
    assertThat(threads).hasSize(1);
  }

  /** A journal of one record. */
  private static Records one(ReadRequest request) {
    byte[] line = "{\"a\":1}\n".getBytes(UTF_8);
    boolean some = request.maxRecords() > 0 && request.from() == 1;
    return some
        ? new Records("j", 1, new Lines(line, 1), 1, 2)
        : new Records("j", 2, Lines.NONE, 1, 2);
  }

  /** Takes connections, and answers no write; its futures are of no context. */
  private static final class Hanging implements Destination {
    final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private final Vertx vertx;

    Hanging(Vertx vertx) {
      this.vertx = vertx;
    }

    private void called(String what) {
      calls.add(what + " " + Thread.currentThread().getName());
    }

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
      called("open");
      return vertx.timer(1).map(late -> 1L);
    }

    @Override
    public Future<Written> write(SinkBatch batch) {
      called("write");
      return Future.succeededFuture().compose(none -> Promise.<Written>promise().future());
    }

    @Override
    public Future<Boolean> tryOut(SinkBatch record) {
      throw new AssertionError("nothing is refused here");
    }

    @Override
    public Future<Void> close() {
      called("close");
      return vertx.timer(1).mapEmpty();
    }

    @Override
    public Fault explain(Throwable error) {
      return new Fault(FaultKind.TIMEOUT, "no answer");
    }
  }
}
