package io.spillway.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * All that one test starts, and its directory {@code target/it/Class.method}.
 *
 * <p>After the test everything is ended, last started first. When the test failed, the last output
 * of each process is printed and the directory stays; otherwise it is deleted.
 */
public final class Site implements BeforeEachCallback, AfterEachCallback, AutoCloseable {
  /** The repository; tests run in it. */
  public static final Path PROJECT = Path.of("").toAbsolutePath();

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final List<Proc> processes = new ArrayList<>();
  private boolean tracesAllowed;
  private Path dir;

  /** Outside JUnit: in a directory that is made, or emptied first; ended by {@link #close}. */
  public static Site in(Path directory) throws IOException {
    Site site = new Site();
    site.dir = directory.toAbsolutePath();
    delete(site.dir);
    Files.createDirectories(site.dir);
    return site;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    String test =
        context.getRequiredTestClass().getSimpleName()
            + "."
            + context.getRequiredTestMethod().getName();
    dir =
        PROJECT
            .resolve("target/it")
            .resolve(test + "." + Integer.toHexString(context.getUniqueId().hashCode()));
    delete(dir);
    Files.createDirectories(dir);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    boolean failed = context.getExecutionException().isPresent();
    List<String> traces = failed || tracesAllowed ? List.of() : traces();
    if (failed || !traces.isEmpty()) {
      processes.forEach(process -> System.out.println(process.tail(60)));
      System.out.println("--- kept: " + PROJECT.relativize(dir));
    }
    endAll();
    if (!traces.isEmpty()) {
      throw new AssertionError("a log shows a stack trace: " + traces);
    }
    if (!failed && !Boolean.getBoolean("spillway.keep")) {
      delete(dir);
    }
  }

  /** Ends everything, last started first; the directory stays. */
  @Override
  public void close() {
    endAll();
  }

  private void endAll() {
    RuntimeException problem = null;
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception | AssertionError error) {
        problem = problem == null ? new IllegalStateException("not all ended") : problem;
        problem.addSuppressed(error);
      }
    }
    if (problem != null) {
      throw problem;
    }
  }

  /** Where the tested program printed a stack trace: an operator cannot read one. */
  private List<String> traces() {
    return processes.stream()
        .flatMap(process -> withoutFreezes(process).stream())
        .filter(line -> line.matches("\\s+at [\\w.$/@]+\\(.*\\)|.*Unhandled exception.*"))
        .limit(3)
        .toList();
  }

  /** Of threads that stood still because a test had stopped the process, Vert.x tells truly. */
  private static List<String> withoutFreezes(Proc process) {
    List<String> all = process.lines();
    List<String> others = new ArrayList<>();
    boolean freeze = false;
    for (int i = 0; i < all.size(); i++) {
      String line = all.get(i);
      boolean goesOn = line.matches("\\s+at .*|io\\.vertx\\.core\\.VertxException: Thread blocked");
      freeze = process.isOfFreeze(i) || (freeze && goesOn);
      if (!freeze) {
        others.add(line);
      }
    }
    return others;
  }

  /** A stack trace in a log does not fail the test; otherwise it does. */
  public Site allowingTraces() {
    tracesAllowed = true;
    return this;
  }

  /** The directory of this test. */
  public Path dir() {
    return dir;
  }

  /** Closes {@code thing} after the test. */
  public <T extends AutoCloseable> T own(T thing) {
    started.push(thing);
    return thing;
  }

  /** Ends {@code process} after the test, and shows its last lines if the test failed. */
  public Proc own(Proc process) {
    processes.add(process);
    started.push(process);
    return process;
  }

  /** A Mosquitto with the shipped configuration, started. */
  public Mosquitto mosquitto() {
    return new Mosquitto(this, "mosquitto").start();
  }

  /** A publisher of numbered messages to {@code broker}. */
  public Publisher publisher(Mosquitto broker, String... topics) {
    return own(new Publisher(broker.port(), List.of(topics)));
  }

  /** A small file system of its own under {@code name}, to be filled up. */
  public TinyDisk tinyDisk(String name, int megabytes) {
    needsRoot();
    return own(new TinyDisk(dir.resolve(name), megabytes));
  }

  /** Skips the test for an ordinary user; never in CI, where nothing may be left out. */
  public static void needsRoot() {
    boolean root = System.getProperty("user.name").equals("root");
    Assumptions.assumeTrue(root || "true".equals(System.getenv("CI")), "needs root");
  }

  /** Deletes a directory and all that is in it; nothing if it is not there. */
  static void delete(Path tree) {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
