package io.spillway.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A PostgreSQL of Debian with a database and a user {@code spillway}, on its own loopback port and
 * with its own data, that can be killed and started again. As root it runs as user {@code
 * postgres}.
 */
public final class Postgres implements AutoCloseable {
  /** The password of user {@code spillway}. */
  public static final String PASSWORD = "a-database-password";

  private static final Map<String, String> ACCESS =
      Map.of("PGPASSWORD", PASSWORD, "PGCONNECT_TIMEOUT", "5");
  private static final String HOLDERS =
      "SELECT %s FROM pg_stat_activity WHERE query LIKE 'LOCK TABLE%%' AND wait_event = 'PgSleep'";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final boolean ROOT = System.getProperty("user.name").equals("root");

  private final Site site;
  private final int port = FreePort.next();
  private final Path dir;
  private final List<String> settings = new ArrayList<>();
  private Proc proc;

  /** Made, but not yet started. */
  public Postgres(Site site) {
    this.site = site;
    try {
      // The tests may run below a directory that only root can enter.
      dir = Files.createTempDirectory("spillway-postgres");
      Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    site.own(this);
    init();
  }

  private void init() {
    try {
      Path data = Files.createDirectory(dir.resolve("data"));
      Path password = Files.writeString(dir.resolve("password"), PASSWORD);
      if (ROOT) {
        run(List.of("chown", "-R", "postgres", dir.toString()));
      }
      run(
          command(
              "initdb",
              "--pgdata=" + data,
              "--username=spillway",
              "--pwfile=" + password,
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--locale=C",
              "--no-sync"));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** Speaks TLS, too, from the next start on; also on 127.0.0.2, which is in no certificate. */
  public Postgres tls(Certificates certificates) {
    try {
      Path certificate = dir.resolve("data/server.crt");
      Path key = dir.resolve("data/server.key");
      Files.copy(certificates.certificate(), certificate);
      Files.copy(certificates.key(), key);
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      if (ROOT) {
        run(List.of("chown", "postgres", certificate.toString(), key.toString()));
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    settings.addAll(List.of("-c", "ssl=on", "-c", "listen_addresses=127.0.0.1,127.0.0.2"));
    return this;
  }

  private void run(List<String> command) {
    Proc done = Proc.run("postgres-setup", site.dir(), Map.of(), command);
    if (done.exitCode() != 0) {
      throw new AssertionError(command + ": " + done.output());
    }
  }

  /** As the user that may run it, whose death is also that of the server. */
  private static List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (ROOT) {
      command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    command.add(bin().resolve(program).toString());
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  private static Path bin() {
    try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder())
          .orElseThrow(() -> new AssertionError("no PostgreSQL; scripts/install-test-servers"));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** Starts it, or starts it again with what it had saved, and waits until it answers. */
  public Postgres start() {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-D", dir.resolve("data").toString(), "-p", "" + port));
    arguments.addAll(List.of("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
    arguments.addAll(List.of("-c", "log_min_messages=warning", "-c", "max_connections=20"));
    arguments.addAll(settings);
    List<String> command = command("postgres", arguments.toArray(String[]::new));
    proc = site.own(Proc.start("postgres", dir, Map.of(), command));
    proc.awaitLine("ready to accept connections", LIMIT);
    return this;
  }

  /** With an empty database {@code spillway}, too. */
  public Postgres startWithDatabase() {
    start();
    createDatabase();
    return this;
  }

  /** Makes the database {@code spillway}. */
  public void createDatabase() {
    Proc made = psql("postgres", "CREATE DATABASE spillway");
    if (made.exitCode() != 0) {
      throw new AssertionError(made.output());
    }
  }

  /** {@code kill -9} of the server and, as it would not outlive it for long, of its processes. */
  public Postgres kill9() {
    ProcessHandle server = ProcessHandle.of(proc.pid()).orElseThrow();
    List<ProcessHandle> children = server.descendants().toList();
    proc.kill9();
    children.forEach(ProcessHandle::destroyForcibly);
    children.forEach(child -> child.onExit().join());
    return this;
  }

  /** {@code kill -STOP} of the server and all its processes: their connections stay open. */
  public void freeze() {
    signalAll("STOP");
  }

  /** {@code kill -CONT} of all of them. */
  public void thaw() {
    signalAll("CONT");
  }

  private void signalAll(String signal) {
    List<String> command = new ArrayList<>(List.of("kill", "-" + signal, "" + proc.pid()));
    ProcessHandle.of(proc.pid())
        .orElseThrow()
        .descendants()
        .forEach(child -> command.add("" + child.pid()));
    Proc.run("kill", dir, Map.of(), command);
  }

  /** The lines that a query gives; columns are joined by {@code |}. */
  public List<String> query(String sql) {
    Proc done = psql("spillway", sql);
    if (done.exitCode() != 0) {
      throw new IllegalStateException(done.output());
    }
    return done.lines();
  }

  /** The one number that a query gives. */
  public long number(String sql) {
    return Long.parseLong(query(sql).get(0));
  }

  /**
   * Holds a lock on a table until {@link #unlock}, in a mode of PostgreSQL's {@code LOCK}: {@code
   * SHARE} lets others read and not write.
   */
  public void lock(String table, String mode) {
    String sql = "LOCK TABLE " + table + " IN " + mode + " MODE; SELECT pg_sleep(600)";
    site.own(Proc.start("psql-lock", site.dir(), ACCESS, psqlCommand("spillway", sql)));
    Await.until("the lock is held", LIMIT, () -> !query(HOLDERS.formatted("pid")).isEmpty());
  }

  /** Ends what {@link #lock} has begun. */
  public void unlock() {
    query(HOLDERS.formatted("pg_terminate_backend(pid)"));
  }

  /** Writes the database {@code spillway} to a script for {@link #restore}. */
  public void dump(Path script) {
    String url = "postgresql://spillway@127.0.0.1:" + port + "/spillway";
    String program = bin().resolve("pg_dump").toString();
    client(List.of(program, "--no-owner", "--file=" + script, url));
  }

  /** Runs a script of {@link #dump} in the database {@code spillway}, which is empty. */
  public void restore(Path script) {
    String url = "postgresql://spillway@127.0.0.1:" + port + "/spillway";
    String program = bin().resolve("psql").toString();
    client(List.of(program, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", script.toString(), url));
  }

  private void client(List<String> command) {
    Proc done = Proc.run("postgres-client", site.dir(), ACCESS, command);
    if (done.exitCode() != 0) {
      throw new AssertionError(command + ": " + done.output());
    }
  }

  private Proc psql(String database, String sql) {
    return Proc.run("psql", site.dir(), ACCESS, psqlCommand(database, sql));
  }

  private List<String> psqlCommand(String database, String sql) {
    String url = "postgresql://spillway@127.0.0.1:" + port + "/" + database;
    return List.of(bin().resolve("psql").toString(), "-X", "-q", "-A", "-t", "-c", sql, url);
  }

  public int port() {
    return port;
  }

  /** As in {@code sinks.postgres.url}, without a password. */
  public String url() {
    return url("127.0.0.1");
  }

  /** The same by another name of this machine. */
  public String url(String host) {
    return "postgresql://spillway@" + host + ":" + port + "/spillway";
  }

  /** The running server. */
  public Proc proc() {
    return proc;
  }

  /** Forgets everything. */
  @Override
  public void close() throws IOException {
    try (Stream<Path> paths = Files.walk(dir)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
