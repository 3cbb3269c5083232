package io.spillway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.replay.Shaped.Fate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The tally of a replay")
class TallyTest {
  private final List<String> said = new ArrayList<>();
  private final Tally tally = new Tally(said::add);

  @Test
  @DisplayName("names what there is, and nothing else")
  void words() {
    assertThat(tally.words("stored")).isEqualTo("0 stored");
    tally.present(201);
    tally.done(1_000, 1_201);
    tally.looked(Shaped.unfit(1_201, "it is empty"));
    tally.looked(Shaped.left(1_202, Fate.NOT_CHOSEN));
    tally.looked(Shaped.left(1_203, Fate.OF_SERVER));
    tally.setAside(1_000, "no JSON");

    assertThat(tally.words("stored"))
        .isEqualTo(
            "999 stored, up to line 200 all was gone through before, 1 could not be sent, 1 were set aside"
                + " by the server, 1 left out that a server had written itself, 1 not chosen");
    assertThat(tally.next()).isEqualTo(1_201);
    assertThat(tally.isShort()).isTrue();
  }

  @Test
  @DisplayName("knows of what was there already only what is looked at once more")
  void lookedBack() {
    tally.present(4);
    tally.looked(Shaped.sent(new Outgoing(4, null, new byte[2])));
    tally.done(1, 5);
    assertThat(tally.isShort()).isFalse();

    tally.lookBack();
    tally.lookedBack(Shaped.sent(new Outgoing(1, null, new byte[2])));
    tally.lookedBack(Shaped.unfit(2, "it is empty"));
    tally.lookedBack(Shaped.left(3, Fate.NOT_CHOSEN));

    assertThat(tally.words("stored"))
        .isEqualTo("1 stored, 1 were there already, 1 could not be sent, 1 not chosen");
    assertThat(said).containsExactly("line 2 is not sent: it is empty");
    assertThat(tally.isShort()).isTrue();
  }

  @Test
  @DisplayName("counts a line once that is looked at again, and tells of few by themselves")
  void bounded() {
    for (int times = 0; times < 2; times++) {
      for (int n = 1; n <= 100; n++) {
        tally.looked(Shaped.unfit(n, "not JSON: \u001b[2J" + "x".repeat(1_000)));
      }
    }
    assertThat(tally.words("stored")).contains("100 could not be sent");
    assertThat(said).hasSize(21).last().isEqualTo("and more, which are counted");
    assertThat(said.get(0)).hasSizeLessThan(400).doesNotContain("\u001b");
  }
}
