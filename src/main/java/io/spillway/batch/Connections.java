package io.spillway.batch;

import io.spillway.bus.Connecting;
import io.spillway.redelivery.Beginning;
import io.spillway.redelivery.CommitMemo;
import io.spillway.redelivery.Moment;
import io.spillway.redelivery.SessionMemory;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each connection to the broker its number, and says of which it had to be doubted. */
final class Connections {
  private static final Logger log = LoggerFactory.getLogger(Connections.class);
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final SpoolMemo memo;
  private final TimeSource time;
  private final long boot;
  private int doubted;

  /** Blocking. */
  Connections(SpoolMemo memo, TimeSource time) {
    this.memo = memo;
    this.time = time;
    boot = boot();
  }

  /** What is remembered of them. */
  SpoolMemo memo() {
    return memo;
  }

  /**
   * Gives the next number.
   *
   * @param append puts a memo on the disk
   * @return the number; 0, with nothing done, if the broker is to be asked first
   */
  Future<Integer> begin(Connecting next, Function<byte[], Future<?>> append) {
    SessionMemory session = memo.session();
    long id = hash(next.broker() + ' ' + next.clientId());
    if (!next.asked() && session.wantsProof(id)) {
      return Future.succeededFuture(0);
    }
    Moment now = new Moment(boot, time.monotonicMs(), time.wallMs());
    byte[] delta = session.begin(new Beginning(id, now, next.upMs(), next.knownMake()));
    return append.apply(CommitMemo.ofConnection(delta)).map(done -> session.connection());
  }

  /** So many messages of a connection were stored that may be stored already. */
  void doubted(int connection, int count) {
    if (count > 0 && connection != doubted) {
      doubted = connection;
      log.warn(
          "[spool] the broker sends messages again of which it cannot be told whether they are here"
              + " already: stored, perhaps a second time, and counted in"
              + " spillway_source_possible_duplicates_total");
    }
  }

  /** Names this run of the machine; where it has no name, this process. Never 0. */
  private static long boot() {
    try {
      return hash(Files.readString(BOOT_ID, StandardCharsets.US_ASCII).trim());
    } catch (IOException notLinux) {
      return new SecureRandom().nextLong() | 1;
    }
  }

  private static long hash(String text) {
    CRC32 low = new CRC32();
    CRC32C high = new CRC32C();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    low.update(bytes);
    high.update(bytes);
    return high.getValue() << 32 | low.getValue() | 1;
  }
}
