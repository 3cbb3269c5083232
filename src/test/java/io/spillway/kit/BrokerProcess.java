package io.spillway.kit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A broker that takes its port and the directory of its data on the command line. */
final class BrokerProcess implements Broker {
  /** What a broker is started with. */
  interface Command {
    List<String> at(int port, Path dir);
  }

  private static final Duration LIMIT = Duration.ofSeconds(40);

  private final Site site;
  private final String name;
  private final Command command;
  private final String listening;
  private final int port = FreePort.next();
  private Proc proc;

  /**
   * Not yet started.
   *
   * @param listening regular expression of the line that says that it listens
   */
  BrokerProcess(Site site, String name, String listening, Command command) {
    this.site = site;
    this.name = name;
    this.listening = listening;
    this.command = command;
  }

  @Override
  public Broker start() {
    Path dir = site.dir().resolve(name);
    proc = Proc.start(name, dir, Map.of(), command.at(port, dir));
    AutoCloseable ended = proc; // after the test; stack traces in its log are not ours to judge
    site.own(ended);
    proc.awaitLine(listening, LIMIT);
    return this;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public Proc proc() {
    return proc;
  }
}
