package io.spillway.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The bytes in flight")
@Timeout(20)
class InFlightBytesTest {
  private final InFlightBytes inFlight = new InFlightBytes(100);

  private CompletableFuture<Void> taking(long bytes) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            inFlight.take(bytes);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        work -> new Thread(work).start());
  }

  @Test
  @DisplayName(
      "lets one through that is larger than the bound, and holds the next until it is gone")
  void holds() throws Exception {
    inFlight.take(1_000);
    CompletableFuture<Void> next = taking(1);
    assertThat(next).isNotDone();
    inFlight.give(901);
    next.get(10, TimeUnit.SECONDS);
    assertThat(inFlight.held()).isEqualTo(100);
  }

  @Test
  @DisplayName("holds nobody any more once it is open")
  void open() throws Exception {
    inFlight.take(100);
    CompletableFuture<Void> held = taking(1);
    inFlight.open();
    held.get(10, TimeUnit.SECONDS);
    inFlight.take(1_000);
    assertThat(inFlight.held()).isEqualTo(1_101);
  }
}
