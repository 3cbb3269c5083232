package io.spillway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The name of a source")
class IdentityTest {
  private static final Identity SOURCE = new Identity("3f9a1c2e" + "0".repeat(56));
  private static final Choice CHOICE = new Choice(2, 9, "iaq/#", false);

  @Test
  @DisplayName("begins with the digits that sha256sum shows, where every line is sent")
  void epoch() {
    assertThat(SOURCE.epoch(Choice.ALL)).isEqualTo("3f9a1c2e");
    assertThat(SOURCE.epoch(new Choice(1, Long.MAX_VALUE, null, false))).isEqualTo("3f9a1c2e");
  }

  @Test
  @DisplayName("is another one for each choice, as what one passes over the other may want")
  void choices() {
    List<Choice> choices =
        List.of(
            Choice.ALL,
            CHOICE,
            new Choice(3, 9, "iaq/#", false),
            new Choice(2, 8, "iaq/#", false),
            new Choice(2, 9, "iaq/+", false),
            new Choice(2, 9, null, false),
            new Choice(2, 9, "iaq/#", true),
            new Choice(1, Long.MAX_VALUE, null, true));

    assertThat(choices.stream().map(SOURCE::epoch)).doesNotHaveDuplicates();
    assertThat(choices.stream().map(choice -> SOURCE.key("replay", choice, "secret")))
        .doesNotHaveDuplicates();
    assertThat(SOURCE.epoch(new Choice(2, 9, "iaq/#", false))).isEqualTo(SOURCE.epoch(CHOICE));
  }

  @Test
  @DisplayName(
      "has a key that is the same each time, and another for another secret, name or source")
  void key() {
    String key = SOURCE.key("replay", Choice.ALL, "secret");

    assertThat(key).matches("[0-9a-f]{32}");
    assertThat(SOURCE.key("replay", Choice.ALL, "secret")).isEqualTo(key);
    assertThat(SOURCE.key("replay", Choice.ALL, "")).matches("[0-9a-f]{32}").isNotEqualTo(key);
    assertThat(SOURCE.key("other", Choice.ALL, "secret")).isNotEqualTo(key);
    Identity sameEpoch = new Identity("3f9a1c2e" + "1".repeat(56));
    assertThat(sameEpoch.epoch(Choice.ALL)).isEqualTo(SOURCE.epoch(Choice.ALL));
    assertThat(sameEpoch.key("replay", Choice.ALL, "secret")).isNotEqualTo(key);
  }

  @Test
  @DisplayName("is that of the journal, where it has a name of its own")
  void journal() {
    assertThat(Identity.ofJournal("57fc5838d407").hex()).matches("[0-9a-f]{64}");
    assertThat(Identity.ofJournal("57fc5838d407")).isEqualTo(Identity.ofJournal("57fc5838d407"));
    assertThat(Identity.ofJournal("57fc5838d407")).isNotEqualTo(Identity.ofJournal("57fc5838d408"));
  }
}
