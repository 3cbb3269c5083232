package io.spillway.tools;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints an example of a configuration file, to start one's own from. */
@Command(
    name = "sample-config",
    header = "Prints a configuration file to start from.",
    description = {
      "",
      "conf: everything in one process, with a broker of one's own; edge and server: one of them;",
      "rabbitmq, vote, cluster-source, cluster-edge, demo: as their names say.",
      ""
    },
    mixinStandardHelpOptions = true)
public final class SampleConfig implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "NAME", defaultValue = "conf", description = "Which.")
  private String name;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    boolean plain = name.matches("[a-z-]+");
    try (InputStream sample =
        plain ? SampleConfig.class.getResourceAsStream("/conf/" + name + ".json") : null) {
      if (sample == null) {
        spec.commandLine()
            .getErr()
            .println("spillway: there is no sample of that name; see sample-config --help");
        return 1;
      }
      spec.commandLine().getOut().print(new String(sample.readAllBytes(), StandardCharsets.UTF_8));
      spec.commandLine().getOut().flush();
      return 0;
    }
  }
}
