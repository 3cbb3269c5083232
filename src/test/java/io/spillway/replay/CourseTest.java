package io.spillway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The course of a connection")
class CourseTest {
  private Course course;

  private static Piece piece(long first, long last, int bytes) {
    List<Outgoing> lines =
        LongStream.rangeClosed(first, last)
            .mapToObj(n -> new Outgoing(n, null, new byte[bytes]))
            .toList();
    return new Piece(first, lines);
  }

  @BeforeEach
  void begins() {
    course = new Course(11, 3);
  }

  @Test
  @DisplayName("has as many messages on their way as the window allows")
  void window() {
    course.sent(piece(11, 12, 10));
    course.sent(piece(13, 13, 10));
    assertThat(course.isFull()).isFalse();
    course.sent(piece(14, 20, 10));
    assertThat(course.isFull()).isTrue();

    assertThat(course.acknowledged(13)).isEmpty();
    assertThat(course.isFull()).isFalse();
    assertThat(course.isIdle()).isFalse();
    assertThat(course.acknowledged(21)).isEmpty();
    assertThat(course.isIdle()).isTrue();
  }

  @Test
  @DisplayName("has no more bytes on their way than it may, but for one message")
  void bytes() {
    course.sent(piece(11, 11, Course.BYTES_MAX));
    assertThat(course.isFull()).isTrue();
    course.acknowledged(12);
    assertThat(course.isFull()).isFalse();
  }

  @Test
  @DisplayName("knows when numbers before a piece do not come, and counts them for no line")
  void holes() {
    assertThat(course.isBehindHole(piece(11, 12, 1))).isFalse();
    Piece behind = piece(15, 16, 1);
    assertThat(course.isBehindHole(behind)).isTrue();
    course.skipped(15);
    assertThat(course.isBehindHole(behind)).isFalse();
    course.sent(behind);

    course.acknowledged(15);
    assertThat(course.arrived(0)).isZero();
    course.acknowledged(17);
    assertThat(course.arrived(0)).isEqualTo(2);
  }

  @Test
  @DisplayName("counts the lines whose acknowledgement was lost, by what the next welcome says")
  void lostAcknowledgement() {
    course.sent(piece(11, 14, 1));
    course.sent(piece(15, 18, 1));
    course.acknowledged(15);

    assertThat(course.arrived(0)).isEqualTo(4);
    assertThat(course.arrived(15)).isEqualTo(4);
    assertThat(course.arrived(17)).isEqualTo(6);
    assertThat(course.arrived(900)).isEqualTo(8);
  }

  @Test
  @DisplayName("does not believe what was acknowledged and not sent, and does not go back")
  void disbelief() {
    course.sent(piece(11, 12, 1));
    assertThat(course.acknowledged(14)).contains("up to 14", "sent up to 13");
    assertThat(course.acknowledged()).isEqualTo(11);
    assertThat(course.acknowledged(13)).isEmpty();
    assertThat(course.acknowledged(5)).isEmpty();
    assertThat(course.acknowledged()).isEqualTo(13);
  }

  @Test
  @DisplayName("believes that a line was set aside once, in order, and of those that were sent")
  void setAside() {
    course.sent(piece(11, 14, 1));
    assertThat(course.setAside(10)).isNotEmpty();
    assertThat(course.setAside(12)).isEmpty();
    assertThat(course.setAside(12)).isNotEmpty();
    assertThat(course.setAside(11)).isNotEmpty();
    assertThat(course.setAside(14)).isEmpty();
    assertThat(course.setAside(15)).isNotEmpty();
  }
}
