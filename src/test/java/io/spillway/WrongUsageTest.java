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
          replay --server ws://x | Missing: FILE|DIR
          replay f               | Missing: --server URL, or --mqtt URL
          replay f --server ws://x --mqtt mqtt://y | --server and --mqtt: one or the other
          replay f --server http://x | --server: is none of ws://host[:port][/path]
          replay f --server ws://x?token=hidden | --server: a command line is for all to read
          replay f --server ws://x --to-topic a | --to-topic is for --mqtt
          replay f --server ws://x --name a.b | --name: an edge has a name
          replay f --server ws://x --name iaq | --name: a part of the server is called so
          replay f --server ws://x --token-file /none | --token-file /none: is no file
          replay f --server ws://x --from 9 --to 8 | --from and --to
          replay f --server ws://x --topic a/#/b | --topic: # is not alone
          replay f --server ws://x --rate hidden | --rate: lines a second
          replay f --mqtt mqtt://me:hidden@x | --to-topic is missing
          replay f --mqtt mqtt://x --to-topic a/+ | --to-topic: a topic to publish on has no +
          replay f --mqtt mqtt://x --to-topic a --qos 3 | --qos: is 0, 1 or 2
          replay f --mqtt mqtt://x --to-topic a --name n | --name is for --server
          replay f --server ws://x --ca-file pom.xml | --ca-file names pom.xml, without a certificate; it is a PEM file
          replay f --mqtt mqtt://x --to-topic a --wrap | --wrap is for --server
          replay f --mqtt mqtt://x --to-topic a --key-file k | --key-file is for --server
          doctor --hidden=x              | there is no option --hidden
          doctor conf.json               | a configuration goes behind -conf: -conf conf.json
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
