package io.spillway.kit;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One operating-system process: its output, its signals, its end and what it cost. */
public final class Proc implements AutoCloseable {
  private static final Duration END_LIMIT = Duration.ofSeconds(60);
  private static final long TICKS_PER_SECOND = 100;
  private static final long PAGE_KB = 4;
  private static final Pattern BLOCKED =
      Pattern.compile("has been blocked for (\\d+) ms, time limit is (\\d+) ms");

  private final String name;
  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final List<Freeze> freezes = new ArrayList<>();

  /** Indices of lines that tell of threads which stood still for no longer than the process. */
  private final Set<Integer> linesOfFreezes = new HashSet<>();

  private boolean outputEnded;

  /** From {@link #stop} to {@link #cont}, in ns of {@link System#nanoTime}. */
  private record Freeze(long from, long to) {
    long within(long start, long end) {
      return Math.max(0, Math.min(to, end) - Math.max(from, start));
    }
  }

  private Proc(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    Thread reader = new Thread(() -> readOutput(log), name + "-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a process in {@code dir}; its output, standard error included, is also appended to
   * {@code dir/name.log}.
   *
   * @param env added to this process's environment
   */
  public static Proc start(String name, Path dir, Map<String, String> env, List<String> command) {
    try {
      Files.createDirectories(dir);
      ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
      // What the one who runs the tests has set must not steer what is tested.
      builder.environment().keySet().removeAll(Spillway.ENVIRONMENT_NAMES);
      builder.environment().putAll(env);
      builder.redirectErrorStream(true);
      return new Proc(name, builder.start(), dir.resolve(name + ".log"));
    } catch (IOException error) {
      throw new UncheckedIOException("cannot start " + command, error);
    }
  }

  /** Runs a command to its end and returns it; look at {@link #exitCode} and {@link #output}. */
  public static Proc run(String name, Path dir, Map<String, String> env, List<String> command) {
    Proc proc = start(name, dir, env, command);
    try {
      proc.process.getOutputStream().close();
    } catch (IOException alreadyGone) {
      // It ended before it read anything; its exit code tells the rest.
    }
    proc.awaitExit(END_LIMIT);
    return proc;
  }

  private void readOutput(Path log) {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8);
        BufferedWriter out =
            Files.newBufferedWriter(
                log,
                StandardCharsets.UTF_8,
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.write(line);
        out.newLine();
        out.flush();
        add(line);
      }
    } catch (IOException closed) {
      add("(output ends: " + closed.getMessage() + ")");
    }
    ended();
  }

  private synchronized void add(String line) {
    if (isOfFreeze(line)) {
      linesOfFreezes.add(lines.size());
    }
    lines.add(line);
    notifyAll();
  }

  private boolean isOfFreeze(String line) {
    Matcher blocked = BLOCKED.matcher(line);
    if (freezes.isEmpty() || !blocked.find()) {
      return false;
    }
    long now = System.nanoTime();
    long blockedNs = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(blocked.group(1)));
    long limitNs = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(blocked.group(2)));
    long frozenNs = freezes.stream().mapToLong(freeze -> freeze.within(now - blockedNs, now)).sum();
    return blockedNs - frozenNs < limitNs;
  }

  private synchronized void ended() {
    outputEnded = true;
    notifyAll();
  }

  /** How many lines it has printed; a place from which to look for later ones. */
  public synchronized int lineCount() {
    return lines.size();
  }

  /** All lines printed so far. */
  public synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** All output so far, as one text. */
  public String output() {
    return String.join("\n", lines());
  }

  /** The first line, from the start, in which {@code regex} is found; waits for it. */
  public String awaitLine(String regex, Duration limit) {
    return awaitLine(0, regex, limit);
  }

  /** The first line from {@code firstLine} on in which {@code regex} is found; waits for it. */
  public synchronized String awaitLine(int firstLine, String regex, Duration limit) {
    Matcher matcher = Pattern.compile(regex).matcher("");
    long deadline = System.nanoTime() + limit.toNanos();
    int next = firstLine;
    while (true) {
      for (; next < lines.size(); next++) {
        if (matcher.reset(lines.get(next)).find()) {
          return lines.get(next);
        }
      }
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (leftMs <= 0 || outputEnded) {
        String why = outputEnded ? "ended without" : "not within " + limit + ":";
        throw new AssertionError(name + " " + why + " a line with " + regex + "\n" + tail(40));
      }
      try {
        wait(leftMs);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", interrupted);
      }
    }
  }

  /** The last lines, to show when something went wrong. */
  public synchronized String tail(int count) {
    List<String> last = lines.subList(Math.max(0, lines.size() - count), lines.size());
    return "--- " + name + ", last lines:\n" + String.join("\n", last);
  }

  /** Writes one line to its standard input. */
  public void type(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException error) {
      throw new UncheckedIOException(name + " reads no more", error);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** {@code kill -9}; returns when it is gone. */
  public Proc kill9() {
    process.destroyForcibly();
    awaitExit(END_LIMIT);
    return this;
  }

  /** {@code kill -STOP}: alive for the kernel, its connections open, but it does nothing. */
  public synchronized Proc stop() {
    freezes.add(new Freeze(System.nanoTime(), Long.MAX_VALUE));
    signal("STOP");
    return this;
  }

  /** {@code kill -CONT}. */
  public synchronized Proc cont() {
    signal("CONT");
    int last = freezes.size() - 1;
    freezes.set(last, new Freeze(freezes.get(last).from(), System.nanoTime()));
    return this;
  }

  /**
   * Whether this line tells truly of a thread that stood still because the process did: what is
   * left of the time without the freeze is within the limit.
   */
  synchronized boolean isOfFreeze(int line) {
    return linesOfFreezes.contains(line);
  }

  /** {@code kill -TERM}; does not wait. */
  public Proc term() {
    signal("TERM"); // Process.destroy() would close the output before the last lines are read
    return this;
  }

  /** {@code kill -SIGNAL}. */
  public void signal(String signal) {
    try {
      int code = new ProcessBuilder("kill", "-" + signal, "" + pid()).start().waitFor();
      if (code != 0) {
        throw new AssertionError("kill -" + signal + " of " + name + " ended with " + code);
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  /** Waits for its end and, so that all output is there, for the end of its output. */
  public int awaitExit(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(name + " did not end within " + limit + "\n" + tail(40));
      }
      awaitOutputEnd();
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  private synchronized void awaitOutputEnd() throws InterruptedException {
    // Bounded: a child of the process may have inherited the pipe.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    for (long leftMs = 1; !outputEnded && leftMs > 0; ) {
      leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      wait(Math.max(1, leftMs));
    }
  }

  /** Its exit code; 128 + number when a signal ended it. */
  public int exitCode() {
    return process.exitValue();
  }

  /** CPU used so far, user and system. */
  public Duration cpu() {
    String stat = readProc("stat");
    // The second field is the name in parentheses, and may contain blanks.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
  }

  /** Resident memory now, in KB. */
  public long rssKb() {
    return Long.parseLong(readProc("statm").split(" ", -1)[1]) * PAGE_KB;
  }

  private String readProc(String file) {
    try {
      return Files.readString(Path.of("/proc", "" + pid(), file));
    } catch (IOException error) {
      throw new UncheckedIOException(name + " is gone", error);
    }
  }

  /** Ends it at once, and its children. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    kill9();
  }
}
