package io.spillway.server.search;

import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.message.RecordKey;
import io.spillway.server.records.RecordView;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The newest by time")
class NewestByTimeTest {
  private final RecordView view = new RecordView(List.of());

  @Test
  @DisplayName("are in the order of their times, each once, and the oldest make room")
  void order() {
    assertThat(json(three()))
        .isEqualTo("[{\"type\":\"10a\"},{\"type\":\"20a\"},{\"type\":\"20b\"}]");

    NewestByTime page = three();
    assertThat(page.isFull()).isFalse();
    add(page, 15, "c");
    assertThat(page.isFull()).isTrue();
    assertThat(page.first()).isEqualTo(new RecordKey(15, "c"));
    add(page, 5, "too old");
    assertThat(page.size()).isEqualTo(3);
    assertThat(page.first()).isEqualTo(new RecordKey(15, "c"));
  }

  private NewestByTime three() {
    NewestByTime page = new NewestByTime(3, 1_000);
    add(page, 20, "a");
    add(page, 10, "a");
    add(page, 20, "a");
    add(page, 20, "b");
    return page;
  }

  @Test
  @DisplayName("have a limit of bytes, which a single one may pass")
  void bytes() {
    NewestByTime page = new NewestByTime(100, 30);
    add(page, 1, "x".repeat(100));
    assertThat(page.size()).isEqualTo(1);
    add(page, 2, "b");
    add(page, 3, "c");
    add(page, 4, "d");
    assertThat(json(page)).isEqualTo("[{\"type\":\"3c\"},{\"type\":\"4d\"}]");
    assertThat(json(new NewestByTime(1, 1))).isEqualTo("[]");
  }

  private void add(NewestByTime page, long micros, String id) {
    byte[] line = utf8("{\"type\":\"" + micros + id + "\"}");
    view.look(line, 0, line.length, 0);
    page.add(new RecordKey(micros, id), view);
  }

  private static String json(NewestByTime page) {
    return JsonBodies.text(page.toJson());
  }
}
