package io.spillway;

import io.spillway.config.ClusterConfig;
import io.spillway.config.Config;
import io.spillway.config.ConfigException;
import io.spillway.config.Loaded;
import io.spillway.demo.DemoView;
import io.spillway.doctor.Doctor;
import io.spillway.replay.ReplayCommand;
import io.spillway.tools.SampleConfig;
import io.spillway.tools.Verify;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
    name = "java -jar bridge-fat.jar",
    header = "Spillway carries MQTT messages from an edge to a server and never loses one.",
    description = {
      "",
      "Without -conf, a .env file or the environment may say what to run (BROKER_URL, WS_HOST,"
          + " WS_PORT, OUT_DIR …). If they say nothing, the demo runs: a broker, invented weather"
          + " stations and rooms, an edge and a server in this process, on loopback only.",
      ""
    },
    subcommands = {Verify.class, ReplayCommand.class, Doctor.class, SampleConfig.class},
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class Main implements Callable<Integer> {

  @Option(
      names = {"-conf", "--conf"},
      paramLabel = "FILE",
      description = "What to run, and how: see docs/configuration.md; sample-config prints one.")
  private Path conf;

  @Option(
      names = {"-cluster", "--cluster"},
      description =
          "Share the event bus with other processes: the roles of one edge on several hosts.")
  private boolean cluster;

  @Option(
      names = {"-cluster-host", "--cluster-host"},
      paramLabel = "IP",
      description = "This host's address for the others of the cluster.")
  private String clusterHost;

  @Spec private CommandSpec spec;

  /** Exits with 0 after help, version and what is clean, 1 after a mistake, 2 on wrong usage. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // what it writes is the same everywhere, digits above all
    Logging.takeOverJdk();
    Logging.endWhenOutOfMemory();
    int code =
        new CommandLine(new Main()).setParameterExceptionHandler(new WrongUsage()).execute(args);
    if (code != STAY) {
      Logging.end();
      System.exit(code == 0 && System.out.checkError() ? 1 : code);
    }
  }

  private static final int STAY = -1;
  private static final long TOLD_WITHIN_MS = 1_000;

  @Override
  public Integer call() {
    Logger log = LoggerFactory.getLogger(Main.class);
    try {
      if (clusterHost != null && !cluster) {
        throw new ConfigException("-cluster-host is given without -cluster");
      }
      Loaded loaded = Config.load(conf, Path.of(""), System.getenv());
      Logging.format(loaded.config().log().format());
      loaded.summary().forEach(log::info);
      loaded.warnings().forEach(log::warn);
      if (cluster) {
        ClusterConfig section = loaded.config().cluster();
        ClusterAddress.check(
            clusterHost == null ? "127.0.0.1" : clusterHost, section == null ? 0 : section.port());
      }
      if (!cluster && loaded.config().cluster() != null) {
        log.warn("cluster: is there, but -cluster is not given, so this process is alone");
      }
      boolean demo = conf == null && loaded.config().broker() != null;
      if (demo) {
        Logging.print(DemoView.class);
      }
      boolean started =
          new Launch(loaded, conf, demo, cluster, clusterHost).run(launcherArguments());
      return started ? STAY : 1;
    } catch (ConfigException e) {
      tell("spillway: " + e.getMessage());
      return 1;
    }
  }

  /** Where nobody reads it, the process ends all the same: whoever starts it again has to know. */
  private void tell(String text) {
    PrintWriter err = spec.commandLine().getErr();
    Thread writer = new Thread(() -> err.println(text), "told");
    writer.setDaemon(true);
    writer.start();
    try {
      writer.join(TOLD_WITHIN_MS);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  /** The configuration is ours; what concerns Vert.x itself is the launcher's. */
  private String[] launcherArguments() {
    List<String> arguments = new ArrayList<>();
    if (cluster) {
      arguments.add("-cluster");
      if (clusterHost != null) {
        arguments.addAll(List.of("-cluster-host", clusterHost));
      }
    }
    return arguments.toArray(String[]::new);
  }

  /** From the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"Spillway " + (version == null ? "(not from the jar)" : version)};
    }
  }
}
