package io.spillway.store;

import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.message.Lines;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The marks")
class EdgeMarksTest {
  private final EdgeMarks marks = new EdgeMarks();

  @Test
  @DisplayName("of a new edge begin at 1")
  void fresh() {
    assertThat(marks.of("pi.e").durable).isEqualTo(1);
    assertThat(marks.of("pi.e").submitted).isEqualTo(1);
  }

  @Test
  @DisplayName("follow the records of the journal, each edge and epoch by itself")
  void replay() {
    marks.replay(
        lines(id("pi.e", 1), id("pi.f", 1), id("pi.e", 2), "{\"plain\":1}", id("pi.e", 3)), false);
    assertThat(marks.durable()).containsExactlyInAnyOrderEntriesOf(Map.of("pi.e", 4L, "pi.f", 2L));
    assertThat(marks.of("pi.e").submitted).isEqualTo(4);
  }

  @Test
  @DisplayName("go on from the checkpoint")
  void checkpoint() {
    marks.put("pi.e", 40);
    marks.replay(records("pi.e", 38, 45), false);
    assertThat(marks.durable()).containsEntry("pi.e", 46L);
  }

  @Test
  @DisplayName("do not jump for a forged _id, neither of a known edge nor of an unknown one")
  void forged() {
    marks.put("pi.e", 40);
    marks.replay(lines(id("pi.e", 900), id("other.x", 900), id("pi.e", 40)), false);
    assertThat(marks.durable()).containsExactlyInAnyOrderEntriesOf(Map.of("pi.e", 41L));
  }

  @Test
  @DisplayName("take an edge's first record as it comes when the checkpoint is lost")
  void lost() {
    marks.replay(records("pi.e", 900, 902), true);
    assertThat(marks.durable()).containsEntry("pi.e", 903L);
  }

  @Test
  @DisplayName("fall back to what is on disk")
  void fallBack() {
    marks.put("pi.e", 5);
    marks.of("pi.e").submitted = 9;
    marks.fallBack();
    assertThat(marks.of("pi.e").submitted).isEqualTo(5);
    assertThat(marks.durable()).containsEntry("pi.e", 5L);
  }

  @Test
  @DisplayName("forget the edge that was not heard of for longest beyond the limit")
  void bounded() {
    for (int edge = 0; edge < EdgeMarks.MOST; edge++) {
      marks.put("e" + edge, 2);
    }
    assertThat(marks.of("e0").durable).isEqualTo(2); // heard of again
    marks.put("one-more", 2);
    assertThat(marks.size()).isEqualTo(EdgeMarks.MOST);
    assertThat(marks.durable()).containsKeys("e0", "one-more").doesNotContainKey("e1");
  }

  private static Lines records(String source, long from, long to) {
    return lines(LongStream.rangeClosed(from, to).mapToObj(seq -> id(source, seq)).toList());
  }

  private static String id(String source, long seq) {
    return "{\"a\":1,\"_id\":\"" + source + '.' + seq + "\"}";
  }
}
