package io.spillway.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@DisplayName("sample-config")
class SampleConfigTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  @DisplayName("prints the file that runs everything in one process")
  void byDefault() throws IOException {
    assertThat(run()).isZero();
    assertThat(out).hasToString(Files.readString(Path.of("src/main/resources/conf/conf.json")));
  }

  @Test
  @DisplayName("prints another one by its name, and nothing else that is in the jar")
  void byName() throws IOException {
    assertThat(run("edge")).isZero();
    assertThat(out).hasToString(Files.readString(Path.of("src/main/resources/conf/edge.json")));

    assertThat(run("none")).isEqualTo(1);
    assertThat(run("../logging")).isEqualTo(1);
    assertThat(err.toString()).contains("no sample of that name");
  }

  private int run(String... arguments) {
    return new CommandLine(new SampleConfig())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
