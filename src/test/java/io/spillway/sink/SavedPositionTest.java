package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.journal.Damages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The saved position of a sink")
class SavedPositionTest {
  private static final String JOURNAL = "57fc5838d407";

  @TempDir Path dir;
  private final Damages damages = new Damages();

  @Test
  @DisplayName("is read as it was written, for the same journal only")
  void roundTrip() throws IOException {
    SavedPosition position = new SavedPosition(dir, "influx", damages);
    assertThat(position.load(JOURNAL)).isZero();
    position.save(JOURNAL, 601);
    assertThat(position.load(JOURNAL)).isEqualTo(601);
    assertThat(position.load("000000000000")).isZero();
    assertThat(damages.count()).isZero();
  }

  @Test
  @DisplayName("of version 0.1 is gone on from")
  void older() throws IOException {
    write(
        "{\"journal\":\"57fc5838d407\",\"next\":91}\n"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(new SavedPosition(dir, "influx", damages).load(JOURNAL)).isEqualTo(91);
  }

  @Test
  @DisplayName("that is no text does not stop the sink: all is written again, and it is told")
  void noText() throws IOException {
    write(new byte[] {(byte) 0xff, 0, 49});
    assertThat(new SavedPosition(dir, "influx", damages).load(JOURNAL)).isZero();
    assertThat(damages.words()).contains("position.json").contains("from its beginning");
  }

  private void write(byte[] bytes) throws IOException {
    Path file = dir.resolve("sinks/influx/position.json");
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
