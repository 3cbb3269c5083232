package io.spillway.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.server.live.ClientState.Asked;
import io.spillway.server.live.ClientState.History;
import io.spillway.server.live.Command.Subscribe;
import io.spillway.server.live.Command.Unsubscribe;
import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The state of a live client")
class ClientStateTest {
  private static final List<String> A = List.of("a");
  private static final List<String> B = List.of("b");

  private final ClientState state = new ClientState(Selection.ALL);
  private final RecordView view = new RecordView(List.of());

  @Test
  @DisplayName("is on all at first, and with the first subscription on that instead")
  void first() {
    state.takeAll(10);
    assertThat(state.selection().isAll()).isTrue();
    assertThat(state.hasChosen()).isFalse();
    state.subscribe(A, 20);
    assertThat(state.selection().topics()).containsExactly("a");
    state.subscribe(B, 30);
    assertThat(state.selection().topics()).containsExactlyInAnyOrder("a", "b");
    state.unsubscribe(A);
    assertThat(state.selection().topics()).containsExactly("b");
  }

  @Test
  @DisplayName("gets nothing any more when it came to send")
  void sends() {
    state.takeAll(10);
    state.takeNone();

    assertThat(state.selection().topics()).isEmpty();
    assertThat(state.hasChosen()).isFalse();
  }

  @Test
  @DisplayName("gets of history what it has not had live, by topic")
  void history() {
    state.takeAll(10);
    state.subscribe(A, 20);
    History history = history(List.of("a", "b"), 5, 1, 30, 30);

    assertThat(history.from()).isEqualTo(5);
    assertThat(history.below()).isEqualTo(30);
    assertThat(has(history.had(), "a", 20)).isTrue();
    assertThat(has(history.had(), "a", 19)).isFalse();
    assertThat(has(history.had(), "b", 29)).isFalse();
    assertThat(history.gap()).isNull();
    assertThat(history.reset()).isFalse();
  }

  @Test
  @DisplayName("has had live all of it, when history is the first that it asks for")
  void historyFirst() {
    state.takeAll(10);
    History history = history(A, 5, 1, 30, 30);

    assertThat(has(history.had(), "a", 10)).isTrue();
    assertThat(has(history.had(), "a", 9)).isFalse();
  }

  @Test
  @DisplayName("has had after a replay what that gave, and nothing else of all that it was on")
  void afterwards() {
    state.takeAll(10);
    history(A, 5, 1, 30, 30);
    state.joined(state.selection());
    History next = history(List.of("a", "b"), 1, 1, 40, 40);

    assertThat(has(next.had(), "a", 5)).isTrue();
    assertThat(has(next.had(), "a", 4)).isFalse();
    assertThat(has(next.had(), "b", 35)).isFalse();
  }

  @Test
  @DisplayName("does not count as had what it left meanwhile")
  void left() {
    state.takeAll(1);
    state.subscribe(List.of("a", "b"), 10);
    state.unsubscribe(A);
    History history = history(A, 1, 1, 30, 30);

    assertThat(has(history.had(), "a", 20)).isFalse();
    assertThat(has(history.had(), "b", 20)).isTrue();
  }

  @Test
  @DisplayName("is told of what is no longer held, and gets the rest")
  void gap() {
    History history = history(A, 5, 12, 30, 30);

    assertThat(history.gap()).isEqualTo(new LiveMessages.Gap(5, 12));
    assertThat(history.from()).isEqualTo(12);
  }

  @Test
  @DisplayName("never reads beyond where live begins, also if all before it is gone")
  void allGone() {
    History history = history(A, 5, 80, 90, 30);

    assertThat(history.gap()).isEqualTo(new LiveMessages.Gap(5, 30));
    assertThat(history.from()).isEqualTo(30);
  }

  @Test
  @DisplayName("begins anew with an offset beyond the end: that is of another journal")
  void reset() {
    History history = history(A, 31, 1, 30, 30);

    assertThat(history.reset()).isTrue();
    assertThat(history.from()).isEqualTo(30);
    assertThat(history(A, 30, 1, 30, 30).reset()).isFalse();
  }

  @Test
  @DisplayName("has commands wait while it catches up, in order, and not too many")
  void waits() {
    state.replays();
    for (int i = 1; i <= 32; i++) {
      assertThat(state.wait(new Subscribe(A, i))).isTrue();
    }
    assertThat(state.wait(new Unsubscribe(A))).isFalse();
    assertThat(state.nextCommand()).isNull();

    state.joined(Selection.ALL);
    assertThat(state.nextCommand()).isEqualTo(new Subscribe(A, 1));
    state.replays();
    assertThat(state.nextCommand()).isNull();
    state.joined(Selection.ALL);
    for (int i = 2; i <= 32; i++) {
      assertThat(state.nextCommand()).isEqualTo(new Subscribe(A, i));
    }
    assertThat(state.nextCommand()).isNull();
  }

  @Test
  @DisplayName("is closed once")
  void closes() {
    assertThat(state.close()).isTrue();
    assertThat(state.close()).isFalse();
    assertThat(state.isClosing()).isTrue();
  }

  private History history(List<String> topics, long since, long oldest, long end, long below) {
    Asked asked = state.askHistory(new Subscribe(topics, since), below);
    assertThat(state.isReplaying()).isTrue();
    return state.history(asked, oldest, end);
  }

  private boolean has(Coverage coverage, String type, long offset) {
    byte[] record = ("{\"type\":\"" + type + "\"}").getBytes(StandardCharsets.UTF_8);
    assertThat(view.look(record, 0, record.length, offset)).isTrue();
    return coverage.has(view, offset);
  }
}
