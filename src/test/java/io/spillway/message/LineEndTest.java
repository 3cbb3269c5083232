package io.spillway.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A line end")
class LineEndTest {
  @Test
  @DisplayName("is found wherever it is, whatever the bytes around it are")
  void everywhere() {
    byte[] bytes = new byte[27];
    for (int around = 0; around < 256; around++) {
      if (around == '\n') {
        continue;
      }
      for (int end = 0; end < bytes.length; end++) {
        java.util.Arrays.fill(bytes, (byte) around);
        bytes[end] = '\n';
        for (int from = 0; from <= bytes.length; from++) {
          assertThat(LineEnd.indexIn(bytes, from, bytes.length)).isEqualTo(from <= end ? end : -1);
          assertThat(LineEnd.indexIn(bytes, 0, from)).isEqualTo(end < from ? end : -1);
        }
      }
    }
  }

  @Test
  @DisplayName("is the first of several, next to bytes that differ from it by a bit")
  void likeByteByByte() {
    byte[] near = {'\n', 0x0B, 0x09, 0x08, 0x0E, 0x02, (byte) 0x8A, (byte) 0x8B, 0, (byte) 0xFF};
    Random random = new Random(11);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = near[random.nextInt(near.length)];
      }
      int first = -1;
      int count = 0;
      for (int i = bytes.length - 1; i >= 0; i--) {
        if (bytes[i] == '\n') {
          first = i;
          count++;
        }
      }
      assertThat(LineEnd.indexIn(bytes, 0, bytes.length)).isEqualTo(first);
      assertThat(LineEnd.countIn(bytes, 0, bytes.length)).isEqualTo(count);
    }
  }
}
