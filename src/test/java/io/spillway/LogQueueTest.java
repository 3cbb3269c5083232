package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.encoder.EncoderBase;
import io.spillway.kit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A log that nobody reads")
class LogQueueTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final LoggerContext context = new LoggerContext();
  private final CountDownLatch reading = new CountDownLatch(1);
  private final CountDownLatch stuck = new CountDownLatch(1);
  private final List<String> lines = new CopyOnWriteArrayList<>();

  /** Stands still at the first line, as a write to a full pipe does. */
  private final LogQueue queue =
      new LogQueue(
          context,
          "test",
          "System.err",
          new EncoderBase<>() {
            @Override
            public byte[] encode(ILoggingEvent event) {
              stuck.countDown();
              while (true) {
                try {
                  reading.await();
                  lines.add(event.getFormattedMessage());
                  return new byte[0];
                } catch (InterruptedException notRead) {
                  // as a write, it is not to be interrupted
                }
              }
            }

            @Override
            public byte[] headerBytes() {
              return new byte[0];
            }

            @Override
            public byte[] footerBytes() {
              return new byte[0];
            }
          });

  private final ch.qos.logback.classic.Logger log = context.getLogger("any");

  private void start() throws InterruptedException {
    context.setMDCAdapter(new LogbackMDCAdapter());
    queue.start();
    log.addAppender(queue);
    log.info("first");
    assertThat(stuck.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  @DisplayName("stops nobody; what is dropped is counted, and told where it is missing")
  void dropped() throws Exception {
    start();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        all.add(threads.submit(() -> IntStream.range(0, 1_000).forEach(n -> log.info("{}", n))));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(queue.dropped()).isEqualTo(4_000 - 1_024);

    reading.countDown();
    Await.until("all is written", SOON, () -> lines.size() == 1 + 1_024 + 1);
    log.info("after");
    Await.until("it goes on", SOON, () -> lines.contains("after"));

    assertThat(lines.get(1_025)).startsWith("[log] 2976 lines are missing here");
    assertThat(lines).endsWith("after").hasSize(1_027);
  }

  @Test
  @DisplayName("is written to the end when the process ends")
  void written() throws InterruptedException {
    start();
    IntStream.range(0, 100).forEach(n -> log.info("line {}", n));
    reading.countDown();

    queue.stop();

    assertThat(lines).hasSize(101).endsWith("line 99");
  }

  @Test
  @DisplayName("does not keep the process from ending")
  void ends() throws InterruptedException {
    start();
    log.info("waiting");
    long from = System.nanoTime();

    queue.stop();

    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(5));
    assertThat(lines).isEmpty();
    reading.countDown();
  }
}
