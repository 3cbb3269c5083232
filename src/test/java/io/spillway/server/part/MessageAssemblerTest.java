package io.spillway.server.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.kit.ManualTime;
import io.spillway.message.Texts;
import io.spillway.server.part.MessageAssembler.TooBig;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A WebSocket message")
class MessageAssemblerTest {
  private final ReceiveBudget budget = new ReceiveBudget(1 << 20);
  private final ReceiveBudget.Share share =
      budget.enter(
          new ReceiveBudget.Sender() {
            @Override
            public void reading(boolean on) {}

            @Override
            public void late() {}
          });
  private final MessageAssembler assembler = new MessageAssembler(10, share, new ManualTime(0));

  @Test
  @DisplayName("of one frame is complete at once")
  void oneFrame() throws TooBig {
    assertThat(assembler.add(Texts.utf8("{\"a\":1}"), true)).isEqualTo(Texts.utf8("{\"a\":1}"));
    assertThat(assembler.add(new byte[0], true)).isEmpty();
  }

  @Test
  @DisplayName("of several frames is put together in their order, also inside a character")
  void severalFrames() throws TooBig {
    byte[] text = Texts.utf8("aéb");
    assertThat(assembler.add(Arrays.copyOfRange(text, 0, 2), false)).isNull();
    assertThat(assembler.add(Arrays.copyOfRange(text, 2, 3), false)).isNull();
    assertThat(assembler.add(Arrays.copyOfRange(text, 3, 4), true)).isEqualTo(text);
    assertThat(assembler.add(Texts.utf8("next"), true)).isEqualTo(Texts.utf8("next"));
  }

  @Test
  @DisplayName("may have just as many bytes as allowed, in one frame or several")
  void limit() throws TooBig {
    byte[] ten = new byte[10];
    assertThat(assembler.add(Arrays.copyOfRange(ten, 0, 10), true)).hasSize(10);
    assertThat(assembler.add(Arrays.copyOfRange(ten, 0, 9), false)).isNull();
    assertThat(assembler.add(Arrays.copyOfRange(ten, 9, 10), true)).hasSize(10);
    assertThatThrownBy(() -> assembler.add(Arrays.copyOfRange(new byte[11], 0, 11), true))
        .isInstanceOf(TooBig.class)
        .hasMessageContaining("10 bytes");
  }

  @Test
  @DisplayName("over the limit is refused with the frame that is too much")
  void tooBig() throws TooBig {
    byte[] ten = new byte[10];
    assertThat(assembler.add(Arrays.copyOfRange(ten, 0, 10), false)).isNull();
    assertThatThrownBy(() -> assembler.add(Arrays.copyOfRange(ten, 0, 1), false))
        .isInstanceOf(TooBig.class);
  }

  @Test
  @DisplayName("of any number of parts that say nothing holds no more than a little")
  void emptyParts() throws TooBig {
    for (int part = 0; part < 10_000; part++) {
      share.came(6, 0);
      assertThat(assembler.add(new byte[0], false)).isNull();
    }
    assertThat(budget.held()).isEqualTo(ReceiveBudget.LITTLE);
    share.came(7, 0);
    assertThat(assembler.add(new byte[1], true)).hasSize(1);
    assertThat(budget.held()).isZero();
  }
}
