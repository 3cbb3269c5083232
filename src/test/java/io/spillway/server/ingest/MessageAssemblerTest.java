package io.spillway.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.message.Texts;
import io.spillway.server.ingest.MessageAssembler.TooBig;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A WebSocket message")
class MessageAssemblerTest {
  private final MessageAssembler assembler = new MessageAssembler(10);

  @Test
  @DisplayName("of one frame is complete at once")
  void oneFrame() throws TooBig {
    assertThat(assembler.add(WebSocketFrame.textFrame("{\"a\":1}", true)))
        .isEqualTo(Texts.utf8("{\"a\":1}"));
    assertThat(assembler.add(WebSocketFrame.textFrame("", true))).isEmpty();
  }

  @Test
  @DisplayName("of several frames is put together in their order, also inside a character")
  void severalFrames() throws TooBig {
    byte[] text = Texts.utf8("aéb");
    assertThat(assembler.add(frame(text, 0, 2, false, true))).isNull();
    assertThat(assembler.add(frame(text, 2, 3, false, false))).isNull();
    assertThat(assembler.add(frame(text, 3, 4, true, false))).isEqualTo(text);
    assertThat(assembler.add(WebSocketFrame.textFrame("next", true))).isEqualTo(Texts.utf8("next"));
  }

  @Test
  @DisplayName("may have just as many bytes as allowed, in one frame or several")
  void limit() throws TooBig {
    byte[] ten = new byte[10];
    assertThat(assembler.add(frame(ten, 0, 10, true, true))).hasSize(10);
    assertThat(assembler.add(frame(ten, 0, 9, false, true))).isNull();
    assertThat(assembler.add(frame(ten, 9, 10, true, false))).hasSize(10);
    assertThatThrownBy(() -> assembler.add(frame(new byte[11], 0, 11, true, true)))
        .isInstanceOf(TooBig.class)
        .hasMessageContaining("10 bytes");
  }

  @Test
  @DisplayName("over the limit is refused with the frame that is too much")
  void tooBig() throws TooBig {
    byte[] ten = new byte[10];
    assertThat(assembler.add(frame(ten, 0, 10, false, true))).isNull();
    assertThatThrownBy(() -> assembler.add(frame(ten, 0, 1, false, false)))
        .isInstanceOf(TooBig.class);
  }

  private static WebSocketFrame frame(byte[] of, int from, int to, boolean last, boolean first) {
    Buffer data = Buffer.buffer().appendBytes(of, from, to - from);
    return first
        ? WebSocketFrame.binaryFrame(data, last)
        : WebSocketFrame.continuationFrame(data, last);
  }
}
