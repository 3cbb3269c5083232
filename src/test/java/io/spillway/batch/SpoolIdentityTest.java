package io.spillway.batch;

import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.journal.Damages;
import io.spillway.message.Lines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The identity of a spool")
class SpoolIdentityTest {
  @TempDir Path dir;

  @Test
  @DisplayName("is the configured name and a random epoch, and stays")
  void configured() throws IOException {
    SpoolIdentity first = SpoolIdentity.of(dir.resolve("spool"), "pi-attic");
    assertThat(first.edge()).isEqualTo("pi-attic");
    assertThat(first.epoch()).matches("[0-9a-f]{8}");
    assertThat(SpoolIdentity.of(dir.resolve("spool"), "pi-attic")).isEqualTo(first);
    assertThat(SpoolIdentity.of(dir.resolve("spool"), null)).isEqualTo(first);
  }

  @Test
  @DisplayName("has a generated name that can be one if none is configured, and it stays")
  void generated() throws IOException {
    SpoolIdentity first = SpoolIdentity.of(dir, null);
    assertThat(first.edge()).matches("[A-Za-z0-9_-]{1,64}");
    assertThat(SpoolIdentity.of(dir, null)).isEqualTo(first);
    assertThat(SpoolIdentity.of(dir, first.edge())).isEqualTo(first);
  }

  @Test
  @DisplayName("has another epoch in another directory")
  void epochs() throws IOException {
    assertThat(SpoolIdentity.of(dir.resolve("a"), "pi").epoch())
        .isNotEqualTo(SpoolIdentity.of(dir.resolve("b"), "pi").epoch());
  }

  @Test
  @DisplayName("is not taken over by an edge of another name")
  void otherName() throws IOException {
    SpoolIdentity first = SpoolIdentity.of(dir, "pi-attic");
    assertThatThrownBy(() -> SpoolIdentity.of(dir, "pi-cellar"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("edge.name")
        .hasMessageContaining("pi-attic")
        .hasMessageContaining("pi-cellar");
    assertThat(SpoolIdentity.of(dir, null)).isEqualTo(first);
  }

  @Test
  @DisplayName("that cannot be read is kept aside, and never a reason not to start")
  void unreadable() throws IOException {
    Path file = dir.resolve("identity.json");
    int n = 0;
    for (String text : new String[] {"", "garbage", "[]", "{}", "{\"edge\":\"pi\"}"}) {
      Files.writeString(file, text);
      Damages damages = new Damages();
      assertThat(SpoolIdentity.read(dir, damages)).as(text).isEmpty();
      assertThat(dir.resolve("quarantine/identity.json-0-" + ++n)).hasContent(text);
      assertThat(damages.words()).contains("identity.json").contains("those of the records");
    }
  }

  @Test
  @DisplayName("is in every record")
  void record() {
    assertThat(SpoolIdentity.ofRecord(lines("{\"a\":\"x\",\"_id\":\"pi-2.3f9a1c2e.1042\"}")))
        .isEqualTo(new SpoolIdentity("pi-2", "3f9a1c2e"));
    assertThat(SpoolIdentity.ofRecord(lines("{\"a\":\"x\"}"))).isNull();
    assertThat(SpoolIdentity.ofRecord(Lines.NONE)).isNull();
  }
}
