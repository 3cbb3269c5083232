package io.spillway.store;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.journal.FillingDisk;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks now and then how much room the disk of the journal has, and tells when it gets little. */
final class DiskWatch {
  private static final Logger log = LoggerFactory.getLogger(DiskWatch.class);
  private static final long EVERY_MS = 30_000;

  private final Vertx vertx;
  private final Path dir;
  private final TimeSource time;
  private final FillingDisk filling = new FillingDisk();
  private Fault fault = Fault.NONE;

  DiskWatch(Vertx vertx, Path dir, TimeSource time) {
    this.vertx = vertx;
    this.dir = dir;
    this.time = time;
    vertx.setPeriodic(0, EVERY_MS, tick -> look());
  }

  /** That it is filling up, if it is. */
  Fault fault() {
    return fault;
  }

  private void look() {
    Blocking.runBeside(vertx, this::words)
        .onSuccess(this::tell)
        .onFailure(error -> log.debug("[store] {}: {}", dir, error.toString()));
  }

  private synchronized String words() throws IOException {
    FileStore store = Files.getFileStore(dir);
    return filling.look(store.getUsableSpace(), store.getTotalSpace(), time.monotonicMs());
  }

  private void tell(String words) {
    if (fault.isEmpty() && !words.isEmpty()) {
      log.warn("[store] {}: {}", dir, words);
    } else if (!fault.isEmpty() && words.isEmpty()) {
      log.info("[store] {}: the disk has room again", dir);
    }
    fault = new Fault(FaultKind.FILLING, words);
  }
}
