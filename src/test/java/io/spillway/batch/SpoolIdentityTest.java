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
    SpoolIdentity first = SpoolIdentity.fresh("pi-attic");
    assertThat(first.edge()).isEqualTo("pi-attic");
    assertThat(first.epoch()).matches("[0-9a-f]{8}");
    first.begin(dir);
    assertThat(kept()).isEqualTo(first);
  }

  @Test
  @DisplayName("has a generated name that can be one if none is configured, and it stays")
  void generated() throws IOException {
    SpoolIdentity first = SpoolIdentity.fresh(null);
    assertThat(first.edge()).matches("[A-Za-z0-9_-]{1,64}");
    first.begin(dir);
    assertThat(kept()).isEqualTo(first);
    kept().mustBe(dir, first.edge());
  }

  @Test
  @DisplayName("has another epoch for each spool")
  void epochs() {
    assertThat(SpoolIdentity.fresh("pi").epoch()).isNotEqualTo(SpoolIdentity.fresh("pi").epoch());
  }

  @Test
  @DisplayName("is not taken over by an edge of another name")
  void otherName() throws IOException {
    SpoolIdentity first = SpoolIdentity.fresh("pi-attic");
    first.begin(dir);
    assertThatThrownBy(() -> kept().mustBe(dir, "pi-cellar"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("edge.name")
        .hasMessageContaining("pi-attic")
        .hasMessageContaining("pi-cellar");
    kept().mustBe(dir, null);
    assertThat(kept()).isEqualTo(first);
  }

  private SpoolIdentity kept() throws IOException {
    return SpoolIdentity.read(dir, new Damages()).orElseThrow().value();
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
