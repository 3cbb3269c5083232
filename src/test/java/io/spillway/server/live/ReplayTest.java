package io.spillway.server.live;

import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Records;
import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The way of one client through the journal")
class ReplayTest {
  private static final Selection A = Selection.of(List.of("a"));

  private final RecordView view = new RecordView(List.of());
  private final Desk desk = new Desk(Selection.ALL, true);

  /** Records of types a and b in turn: odd offsets are a's. */
  private static Records records(long first, long end) {
    List<String> all = new ArrayList<>();
    for (long offset = first; offset < end; offset++) {
      all.add("{\"n\":" + offset + ",\"type\":\"" + (offset % 2 == 1 ? "a" : "b") + "\"}");
    }
    return new Records("j", first, lines(all), 1, end);
  }

  private List<Integer> pass(Replay replay, Records records, long end) {
    Replay.Frameset step = replay.pass(records, end, view);
    if (step.frames() != null) {
      desk.client.send(step.frames());
    }
    List<Integer> numbers =
        desk.texts().stream()
            .map(text -> new io.vertx.core.json.JsonObject(text).getInteger("_offset"))
            .toList();
    assertThat(step.count()).isEqualTo(numbers.size());
    return numbers;
  }

  @Test
  @DisplayName("goes on from step to step, and not beyond the end")
  void steps() {
    Replay replay = asked(3, Selection.ALL, Coverage.NONE, 0);
    assertThat(pass(replay, records(3, 6), 100)).containsExactly(3, 4, 5);
    assertThat(replay.position()).isEqualTo(6);
    assertThat(pass(replay, records(6, 12), 8)).containsExactly(6, 7);
    assertThat(replay.position()).isEqualTo(8);
    assertThat(pass(replay, records(8, 8), 8)).isEmpty();
  }

  @Test
  @DisplayName("leaves out what the client has had live, by range and topic")
  void had() {
    Replay replay = asked(1, Selection.ALL, Coverage.NONE.with(A, 5), 9);
    assertThat(pass(replay, records(1, 13), 13)).containsExactly(1, 2, 3, 4, 6, 8, 9, 10, 11, 12);
  }

  @Test
  @DisplayName("leaves out what the client has not chosen, and still moves on")
  void chosen() {
    desk.client.state.joined(A);
    Replay replay = asked(2, A, Coverage.NONE, 0);
    assertThat(pass(replay, records(2, 3), 100)).isEmpty();
    assertThat(replay.position()).isEqualTo(3);
    assertThat(pass(replay, records(3, 8), 100)).containsExactly(3, 5, 7);
  }

  @Test
  @DisplayName("gives of the past what was asked for, then all that is chosen")
  void asked() {
    Replay replay = asked(1, A, Coverage.NONE, 5);
    assertThat(pass(replay, records(1, 9), 9)).containsExactly(1, 3, 5, 6, 7, 8);
  }

  @Test
  @DisplayName("tells of a gap, up to the end at most")
  void gap() {
    Replay replay = Replay.behind(desk.client, 3, 0);
    Replay.Frameset step = replay.pass(records(7, 9), 100, view);
    assertThat(step.gap()).isEqualTo(new LiveMessages.Gap(3, 7));
    step.frames().release();
    Replay beyond = Replay.behind(desk.client, 3, 0);
    step = beyond.pass(records(7, 9), 5, view);
    assertThat(step.gap()).isEqualTo(new LiveMessages.Gap(3, 5));
    assertThat(step.frames()).isNull();
    assertThat(beyond.position()).isEqualTo(5);
  }

  @Test
  @DisplayName("shows records of any length")
  void lengths() {
    List<String> texts = new ArrayList<>();
    for (int length : new int[] {0, 10, 100, 126, 1_000, 65_000, 65_536, 300_000}) {
      texts.add("{\"x\":\"" + "y".repeat(length) + "\"}");
    }
    Replay replay = Replay.behind(desk.client, 1, 0);
    Records records = new Records("j", 1, lines(texts), 1, 9);
    assertThat(pass(replay, records, 9)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  @DisplayName("lags only if the client did not ask for it")
  void lags() {
    assertThat(Replay.behind(desk.client, 1, 0).lags(1_000, 1_000)).isFalse();
    assertThat(Replay.behind(desk.client, 1, 0).lags(1_001, 1_000)).isTrue();
    assertThat(asked(1, A, Coverage.NONE, 0).lags(1_001, 1_000)).isFalse();
  }

  private Replay asked(long from, Selection topics, Coverage had, long below) {
    return Replay.asked(
        desk.client, new ClientState.History(topics, from, had, below, null, false), 0);
  }
}
