package io.spillway.message;

import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.texts;
import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Lines")
class LinesTest {
  private final Lines four = lines("{\"a\":1}", "{}", "{\"long\":\"xxxxxx\"}", "{\"d\":4}");

  @Test
  @DisplayName("know their count and length, line ends included")
  void size() {
    assertThat(four.count()).isEqualTo(4);
    assertThat(four.length()).isEqualTo(8 + 3 + 18 + 8);
    assertThat(four.isEmpty()).isFalse();
    assertThat(Lines.NONE.isEmpty()).isTrue();
  }

  @Test
  @DisplayName("are skipped and limited without being copied")
  void skipAndLimit() {
    assertThat(texts(four.skip(0))).isEqualTo(texts(four));
    assertThat(texts(four.skip(1))).containsExactly("{}", "{\"long\":\"xxxxxx\"}", "{\"d\":4}");
    assertThat(texts(four.limit(2))).containsExactly("{\"a\":1}", "{}");
    assertThat(texts(four.skip(1).limit(2).skip(1))).containsExactly("{\"long\":\"xxxxxx\"}");
    assertThat(four.skip(4).count()).isZero();
    assertThat(four.skip(4).length()).isZero();
    assertThat(four.limit(0).length()).isZero();
    assertThat(four.skip(2).limit(1).array()).isSameAs(four.array());
  }

  @Test
  @DisplayName("that are a part of a block begin and end where the block says")
  void part() {
    byte[] block = utf8("head\n{\"a\":1}\n{\"b\":2}\ntail");
    Lines part = new Lines(block, 5, 21, 2);
    assertThat(texts(part)).containsExactly("{\"a\":1}", "{\"b\":2}");
    assertThat(texts(part.skip(1))).containsExactly("{\"b\":2}");
    assertThat(part.endOfLine(5)).isEqualTo(13);
  }

  @Test
  @DisplayName("are refused outside of their block")
  void bounds() {
    byte[] block = utf8("{}\n");
    assertThatThrownBy(() -> new Lines(block, 0, 4, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new Lines(block, -1, 3, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  @DisplayName("end nowhere where there is no line end: nobody goes round in circles")
  void noEnd() {
    Lines wrong = new Lines(utf8("{\"a\":1}\n{}\n"), 0, 10, 2);
    assertThatThrownBy(() -> wrong.endOfLine(8)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("are built from parts, lines and other lines, however small the start")
  void builder() {
    Lines.Builder builder = new Lines.Builder(0);
    builder.put('{').put(utf8("\"a\":")).put(utf8("x17y"), 1, 3).put('}').endLine();
    builder.add(utf8("[{}]"), 1, 3).add(four.skip(3));
    assertThat(builder.count()).isEqualTo(3);
    Lines built = builder.build();
    assertThat(texts(built)).containsExactly("{\"a\":17}", "{}", "{\"d\":4}");
    assertThat(built.length()).isEqualTo(9 + 3 + 8);
  }

  @Test
  @DisplayName("that are cut back in the builder are forgotten")
  void cutBack() {
    Lines.Builder builder = new Lines.Builder(0).add(four);
    int length = builder.length();
    builder.add(utf8("{\"e\":5}"), 0, 7).put('{');
    builder.cutBack(length, 4);
    assertThat(texts(builder.build())).isEqualTo(texts(four));
  }

  @Test
  @DisplayName("tell whether one of them is longer than so many bytes, its end included")
  void lineOver() {
    assertThat(four.hasLineOver(18)).isFalse();
    assertThat(four.hasLineOver(17)).isTrue();
    assertThat(lines("{}", "{\"a\":1}").hasLineOver(8)).isFalse();
    assertThat(lines("{}", "{\"a\":1}").hasLineOver(7)).isTrue();
    assertThat(Lines.NONE.hasLineOver(0)).isFalse();
  }
}
