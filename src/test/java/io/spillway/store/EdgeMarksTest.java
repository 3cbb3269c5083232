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
    assertThat(marks.of("pi.e").durable()).isEqualTo(1);
    assertThat(marks.of("pi.e").submitted()).isEqualTo(1);
  }

  @Test
  @DisplayName("follow the records of the journal, each edge and epoch by itself")
  void replay() {
    marks.replay(
        lines(id("pi.e", 1), id("pi.f", 1), id("pi.e", 2), "{\"plain\":1}", id("pi.e", 3)), false);
    assertThat(marks.checkpoint().marks())
        .containsExactlyInAnyOrderEntriesOf(Map.of("pi.e", 4L, "pi.f", 2L));
    assertThat(marks.of("pi.e").submitted()).isEqualTo(4);
  }

  @Test
  @DisplayName("go on from the checkpoint")
  void checkpoint() {
    put("pi.e", 40);
    marks.replay(records("pi.e", 38, 45), false);
    assertThat(marks.checkpoint().marks()).containsEntry("pi.e", 46L);
  }

  @Test
  @DisplayName("do not jump for a forged _id, neither of a known edge nor of an unknown one")
  void forged() {
    put("pi.e", 40);
    marks.replay(lines(id("pi.e", 900), id("other.x", 900), id("pi.e", 40)), false);
    assertThat(marks.checkpoint().marks()).containsExactlyInAnyOrderEntriesOf(Map.of("pi.e", 41L));
  }

  @Test
  @DisplayName("take an edge's first record as it comes when the checkpoint is lost")
  void lost() {
    marks.replay(records("pi.e", 900, 902), true);
    assertThat(marks.checkpoint().marks()).containsEntry("pi.e", 903L);
  }

  @Test
  @DisplayName("fall back to what is on disk, with each append that fails")
  void fallBack() {
    EdgeMark mark = put("pi.e", 5);
    marks.submitted(mark, 2);
    marks.submitted(mark, 2);
    marks.submitted(mark, 3);
    marks.stored(mark, 1, 2);
    assertThat(marks.failed(mark)).isTrue();
    assertThat(mark.submitted()).isEqualTo(7);
    assertThat(marks.failed(mark)).isFalse();
    assertThat(mark.submitted()).isEqualTo(7);
    assertThat(marks.checkpoint()).isEqualTo(new Checkpoint(3, Map.of("pi.e", 7L)));
  }

  @Test
  @DisplayName("give a journal that failed nothing before all that it was given is settled")
  void refusing() {
    EdgeMark mark = put("pi.e", 1);
    marks.submitted(mark, 1);
    marks.submitted(null, 1);
    marks.failed(mark);
    assertThat(marks.resume()).isFalse();
    assertThat(marks.isRefusing()).isTrue();
    marks.failed(null);
    assertThat(marks.resume()).isTrue();
    assertThat(marks.isRefusing()).isFalse();
    assertThat(marks.appending()).isZero();
  }

  @Test
  @DisplayName("count the records without a sequence in the offset alone")
  void plain() {
    put("pi.e", 5);
    marks.submitted(null, 4);
    marks.stored(null, 11, 4);
    assertThat(marks.checkpoint()).isEqualTo(new Checkpoint(15, Map.of("pi.e", 5L)));
  }

  @Test
  @DisplayName("forget the edge that was not heard of for longest beyond the limit")
  void bounded() {
    for (int edge = 0; edge < EdgeMarks.MOST; edge++) {
      put("e" + edge, 2);
    }
    assertThat(marks.of("e0").durable()).isEqualTo(2); // heard of again
    put("one-more", 2);
    assertThat(marks.size()).isEqualTo(EdgeMarks.MOST);
    assertThat(marks.checkpoint().marks()).containsKeys("e0", "one-more").doesNotContainKey("e1");
  }

  @Test
  @DisplayName("do not forget an edge that something is under way for")
  void inUse() {
    EdgeMark busy = put("busy", 7);
    marks.submitted(busy, 1);
    for (int edge = 0; edge < EdgeMarks.MOST; edge++) {
      put("e" + edge, 2);
    }
    assertThat(marks.of("busy")).isSameAs(busy);
  }

  private EdgeMark put(String key, long next) {
    marks.restore(new Checkpoint(1, Map.of(key, next)));
    return marks.of(key);
  }

  private static Lines records(String source, long from, long to) {
    return lines(LongStream.rangeClosed(from, to).mapToObj(seq -> id(source, seq)).toList());
  }

  private static String id(String source, long seq) {
    return "{\"a\":1,\"_id\":\"" + source + '.' + seq + "\"}";
  }
}
