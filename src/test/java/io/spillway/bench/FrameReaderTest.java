package io.spillway.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The frame reader of the bench")
class FrameReaderTest implements FrameReader.Listener {
  private static final String MEDIUM = "m".repeat(300);
  private static final String LONG = "l".repeat(70_000);

  private final List<String> seen = new ArrayList<>();

  @Override
  public void message(byte[] payload, int length) {
    seen.add(payload == null ? "" + length : new String(payload, 0, length, UTF_8));
  }

  @Override
  public void control(int opcode, byte[] payload, int length) {
    seen.add(opcode + ":" + new String(payload, 0, length, UTF_8));
  }

  @Test
  @DisplayName("reads the same however the bytes are cut in two")
  void everySplit() {
    byte[] bytes = mixed();
    for (int cut = 0; cut <= bytes.length; cut++) {
      seen.clear();
      FrameReader reader = new FrameReader(this, true);
      reader.read(ByteBuffer.wrap(bytes, 0, cut));
      reader.read(ByteBuffer.wrap(bytes, cut, bytes.length - cut));
      assertThat(seen).as("cut at %d", cut).containsExactlyElementsOf(expected());
    }
  }

  @Test
  @DisplayName("reads the same byte by byte")
  void byteByByte() {
    FrameReader reader = new FrameReader(this, true);
    for (byte each : mixed()) {
      reader.read(ByteBuffer.wrap(new byte[] {each}));
    }
    assertThat(seen).containsExactlyElementsOf(expected());
  }

  @Test
  @DisplayName("gives lengths alone when it does not keep what messages contain")
  void lengthsOnly() {
    byte[] bytes = join(frame(0x81, "one"), frame(0x01, "tw"), frame(0x80, "o"), frame(0x81, LONG));
    for (int cut = 0; cut <= 20; cut++) {
      seen.clear();
      FrameReader reader = new FrameReader(this, false);
      reader.read(ByteBuffer.wrap(bytes, 0, cut));
      reader.read(ByteBuffer.wrap(bytes, cut, bytes.length - cut));
      assertThat(seen).containsExactly("3", "3", "70000");
    }
  }

  @Test
  @DisplayName("refuses masked frames and extensions, which no server here may send")
  void refuses() {
    FrameReader reader = new FrameReader(this, true);
    byte[] masked = {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'};
    assertThatThrownBy(() -> reader.read(ByteBuffer.wrap(masked))).hasMessageContaining("masked");
    FrameReader other = new FrameReader(this, true);
    assertThatThrownBy(() -> other.read(ByteBuffer.wrap(frame(0xc1, "x"))))
        .hasMessageContaining("extension");
  }

  @Test
  @DisplayName("is understood by its other half: a client's frame is what was meant, once unmasked")
  void masks() {
    for (String text : List.of("", "x", "12345", MEDIUM, LONG)) {
      byte[] payload = text.getBytes(UTF_8);
      ByteBuffer frame = ClientSocket.frame(ClientSocket.TEXT, payload, payload.length);
      assertThat(unmasked(frame)).isEqualTo(text);
    }
  }

  private static byte[] mixed() {
    return join(
        frame(0x81, ""),
        frame(0x81, "short"),
        frame(0x89, "hi"),
        frame(0x01, "in "),
        frame(0x8a, ""),
        frame(0x00, "three "),
        frame(0x80, "parts"),
        frame(0x81, MEDIUM),
        frame(0x88, "\3bye"));
  }

  private static List<String> expected() {
    return List.of("", "short", "9:hi", "10:", "in three parts", MEDIUM, "8:\3bye");
  }

  private static byte[] frame(int first, String text) {
    byte[] payload = text.getBytes(UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 10);
    frame.put((byte) first);
    if (payload.length < 126) {
      frame.put((byte) payload.length);
    } else if (payload.length < 65_536) {
      frame.put((byte) 126).putShort((short) payload.length);
    } else {
      frame.put((byte) 127).putLong(payload.length);
    }
    frame.put(payload).flip();
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }

  private static byte[] join(byte[]... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      all.writeBytes(frame);
    }
    return all.toByteArray();
  }

  private static String unmasked(ByteBuffer frame) {
    assertThat(frame.get()).isEqualTo((byte) 0x81);
    int length = frame.get() & 0xff;
    assertThat(length).isGreaterThanOrEqualTo(128);
    length -= 128;
    if (length == 126) {
      length = frame.getShort() & 0xffff;
    } else if (length == 127) {
      length = (int) frame.getLong();
    }
    byte[] mask = new byte[4];
    frame.get(mask);
    assertThat(frame.remaining()).isEqualTo(length);
    byte[] payload = new byte[length];
    frame.get(payload);
    for (int i = 0; i < length; i++) {
      payload[i] ^= mask[i % 4];
    }
    return new String(payload, UTF_8);
  }
}
