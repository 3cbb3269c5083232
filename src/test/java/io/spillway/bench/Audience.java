package io.spillway.bench;

import java.io.IOException;
import java.time.Duration;

/** A server with its publisher and those who watch. */
final class Audience implements AutoCloseable {
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(15);

  private final LiveContender contender;
  private final int clients;
  private final Crowd crowd;
  private final RecordFeed feed;

  /**
   * @param deliveriesPerSecond records that reached clients
   * @param share of those that should have
   * @param cpuMicros of the server, for each delivery
   * @param clientMicros of this process, publisher and clients, for each delivery
   */
  record Delivery(
      double deliveriesPerSecond, double share, double cpuMicros, double clientMicros) {}

  /**
   * Connects all of them to {@code measurements}.
   *
   * @param watched how many look at each record
   * @param pause between two rounds of reading
   */
  Audience(LiveContender contender, int clients, int watched, Duration pause) throws IOException {
    this.contender = contender;
    this.clients = clients;
    crowd = Crowd.open(contender.live("measurements"), clients, watched, pause);
    feed = new RecordFeed(contender.ingest());
  }

  LiveContender contender() {
    return contender;
  }

  Crowd crowd() {
    return crowd;
  }

  /** Publishes for {@code settle} and then for {@code time}, which is what counts. */
  Delivery run(int perSecond, Duration settle, Duration time) throws InterruptedException {
    feed.start(perSecond);
    Thread.sleep(settle.toMillis());
    crowd.restart();
    double cpu = contender.cpuMicros();
    double own = ownCpuMicros();
    long began = System.nanoTime();
    long records = crowd.records();
    Thread.sleep(time.toMillis());
    double seconds = (System.nanoTime() - began) / 1e9;
    double delivered = crowd.records() - records;
    cpu = contender.cpuMicros() - cpu;
    own = ownCpuMicros() - own;
    feed.stop();
    crowd.settle(SETTLE_LIMIT);
    return new Delivery(
        delivered / seconds,
        delivered / ((double) perSecond * clients * seconds),
        cpu / delivered,
        own / delivered);
  }

  /** What went wrong since the beginning, in words; empty if nothing did. */
  String troubles() {
    String gone =
        crowd.gone() == 0
            ? ""
            : ", %,d clients CLOSED (%s)".formatted(crowd.gone(), crowd.lastWords());
    long faults = crowd.faults();
    return gone + (faults == 0 ? "" : ", %,d records MISSING or out of order".formatted(faults));
  }

  private static double ownCpuMicros() {
    Duration used = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    return used.toNanos() / 1e3;
  }

  @Override
  public void close() throws IOException {
    feed.close();
    crowd.close();
  }
}
