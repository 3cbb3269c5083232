package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Who holds a lock")
class LockHolderTest {
  private static final List<String> LOCKS =
      List.of(
          "1: POSIX  ADVISORY  WRITE 4711 08:01:131 0 EOF",
          "2: POSIX  ADVISORY  READ 12 08:01:140 0 EOF",
          "3: FLOCK  ADVISORY  WRITE 13 08:01:141 0 EOF",
          "3: -> POSIX  ADVISORY  WRITE 14 08:01:142 0 EOF",
          "4: OFDLCK ADVISORY  WRITE -1 08:01:143 0 EOF",
          "5: POSIX  ADVISORY  WRITE -1 08:01:144 0 EOF",
          "6: POSIX  ADVISORY  WRITE 16 103:05:145 0 EOF",
          "torn");
  private static final long DEVICE = 0x801;

  @Test
  @DisplayName("is found among those that Linux lists, by device and inode")
  void found() {
    assertThat(holder(131, DEVICE, 0)).hasValue(4711);
    assertThat(holder(145, (0x103L << 8) + 5, 0)).hasValue(16);
    assertThat(holder(132, DEVICE, 0)).isEmpty();
  }

  @Test
  @DisplayName("is nobody of another device, unless the holder has noted itself")
  void overlay() {
    assertThat(holder(131, 0x35, 0)).isEmpty();
    assertThat(holder(131, 0x35, 12)).isEmpty();
    assertThat(holder(131, 0x35, 4711)).hasValue(4711);
  }

  @Test
  @DisplayName("is nobody who reads, waits, or is not known by a number")
  void others() {
    for (long inode = 140; inode < 145; inode++) {
      assertThat(holder(inode, DEVICE, 0)).as("inode " + inode).isEmpty();
    }
  }

  private static OptionalLong holder(long inode, long device, long noted) {
    return LockHolder.holder(LOCKS, inode, device, noted);
  }
}
