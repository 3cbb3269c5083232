package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@DisplayName("A command line that cannot be read")
class WrongUsageTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiterString = " | ",
      textBlock =
          """
          conf.json                      | a configuration goes behind -conf: -conf conf.json
          --token=hidden                 | there is no option --token
          -x                             | there is no option -x
          hidden                         | an argument is one too many, or no command
          token=hidden.json              | an argument is one too many, or no command
          -conf                          | Missing required parameter for option '--conf' (FILE)
          sample-config a b              | an argument is one too many, or no command
          --cluster=hidden               | the value of --cluster cannot be used
          -conf a.json -conf hidden.json | --conf is given more than once
          verify                         | Missing: FILE|DIR, or --server DATA
          verify --edge x                | --edge needs --server
          verify --server /none          | --server /none: there is no such directory; name the directory that server.journal.dir
          verify --server / --edge /none | --edge /none: there is no such directory; name the directory that edge.spool.dir
          verify --hidden=x              | there is no option --hidden
          """)
  @DisplayName("is told with its cure, and repeats nothing that may be a secret")
  void words(String line, String words) {
    StringWriter err = new StringWriter();
    CommandLine command =
        new CommandLine(new Main())
            .setErr(new PrintWriter(err))
            .setParameterExceptionHandler(new WrongUsage());

    assertThat(command.execute(line.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString()).contains("spillway: " + words, "--help");
    assertThat(err.toString().replace("--hidden", "")).doesNotContain("hidden");
  }
}
