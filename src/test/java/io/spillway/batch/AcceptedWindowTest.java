package io.spillway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The window of accepted messages")
class AcceptedWindowTest {
  private final AcceptedWindow window = new AcceptedWindow();

  @Test
  @DisplayName("knows the messages and the chunk it was told of, and no others")
  void remembers() {
    accept(window, false, 77, 1, 2);
    assertThat(window.hasMessage(1)).isTrue();
    assertThat(window.hasMessage(2)).isTrue();
    assertThat(window.hasMessage(3)).isFalse();
    assertThat(window.hasMessage(77)).isFalse();
    assertThat(window.hasChunk(77)).isTrue();
    assertThat(window.hasChunk(1)).isFalse();
    assertThat(window.hasMessage(0)).isFalse();
    assertThat(window.hasChunk(0)).isFalse();
  }

  @Test
  @DisplayName("forgets the oldest beyond 10,000 messages")
  void limit() {
    for (long message = 1; message <= AcceptedWindow.MESSAGES; message++) {
      accept(window, false, message, message);
    }
    assertThat(AcceptedWindow.MESSAGES).isEqualTo(10_000);
    assertThat(window.hasMessage(1)).isTrue();
    accept(window, false, 10_001, 10_001);
    assertThat(window.hasMessage(1)).isFalse();
    assertThat(window.hasMessage(2)).isTrue();
    assertThat(window.hasMessage(10_001)).isTrue();
  }

  @Test
  @DisplayName("forgets messages, not chunks, when a new session begins")
  void newSession() {
    accept(window, false, 7, 1, 2);
    accept(window, true, 8L << 32, 2, 3);
    assertThat(window.hasMessage(1)).isFalse();
    assertThat(window.hasMessage(2)).isTrue();
    assertThat(window.hasMessage(3)).isTrue();
    assertThat(window.hasChunk(7)).isTrue();
    assertThat(window.hasChunk(8L << 32)).isTrue();
  }

  @Test
  @DisplayName("is the same after snapshot and restore, at any fill, with the same order")
  void snapshot() {
    for (int messages : new int[] {0, 1, 9_999, 10_000, 10_001, 25_000}) {
      AcceptedWindow before = new AcceptedWindow();
      for (long message = 1; message <= messages; message++) {
        accept(before, false, -message << 32, message);
      }
      AcceptedWindow after = new AcceptedWindow();
      accept(after, false, 5, 500_000);
      after.restore(before.snapshot());

      assertThat(after.snapshot()).as("%d", messages).isEqualTo(before.snapshot());
      assertThat(after.hasMessage(500_000)).isFalse();
      accept(before, false, 1, 1_000_000);
      accept(after, false, 1, 1_000_000);
      assertThat(after.snapshot()).as("%d", messages).isEqualTo(before.snapshot());
    }
  }

  @Test
  @DisplayName("has a snapshot small enough for the head of a segment")
  void small() {
    for (long message = 1; message <= 30_000; message++) {
      accept(window, false, message << 32, message);
    }
    assertThat(window.snapshot().length).isEqualTo((1 + 64 + 10_000) * Long.BYTES);
    assertThat(ByteBuffer.wrap(window.snapshot()).getLong()).isEqualTo(64);
  }

  @Test
  @DisplayName("knows 64 chunks, of however many parts one of them is")
  void parts() {
    for (long chunk = 1; chunk <= 63; chunk++) {
      accept(window, false, chunk << 32);
    }
    for (int reach = 1; reach < 20_000; reach++) {
      accept(window, false, Long.MAX_VALUE + reach); // ids wrap
    }
    for (long chunk = 1; chunk <= 63; chunk++) {
      assertThat(window.hasChunk(chunk << 32)).isTrue();
    }
    assertThat(window.hasChunk(Long.MAX_VALUE + 19_999)).isTrue();
    accept(window, false, 64L << 32);
    assertThat(window.hasChunk(Long.MAX_VALUE + 19_999)).isTrue();
    assertThat(window.hasChunk(1L << 32)).isFalse();
  }

  private static void accept(
      AcceptedWindow window, boolean newSession, long chunk, long... messages) {
    window.remember(AcceptedWindow.memo(newSession, chunk, messages, messages.length), 1, 1);
  }
}
