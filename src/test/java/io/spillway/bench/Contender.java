package io.spillway.bench;

import io.spillway.kit.Proc;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Something that carries messages from the broker into a file, with a publisher of its own. */
final class Contender implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final String name;
  private final List<Proc> processes;
  private final Load load;
  private final Tail tail;

  /**
   * @param processes what its CPU is the sum of
   */
  Contender(String name, List<Proc> processes, Load load, Path file) {
    this.name = name;
    this.processes = processes;
    this.load = load;
    this.tail = new Tail(file, Duration.ofNanos(200_000));
  }

  String name() {
    return name;
  }

  List<Proc> processes() {
    return processes;
  }

  Load load() {
    return load;
  }

  Tail tail() {
    return tail;
  }

  /** CPU used so far, of each process, in µs. */
  double[] cpuMicros() {
    return processes.stream().mapToDouble(process -> process.cpu().toNanos() / 1e3).toArray();
  }

  /**
   * Publishes flat out, and waits until all of it is in the file. It takes some 400,000 messages
   * until a JIT compiler has nothing left to do.
   */
  void warmUp(int messages) {
    load.flatOut(messages);
    awaitAll();
  }

  /** Waits until all that was published is in the file. */
  void awaitAll() {
    tail.await(load.sent(), LIMIT);
  }

  @Override
  public void close() throws IOException {
    load.close();
    tail.close();
  }
}
