package io.spillway.chaos;

import io.spillway.kit.Spillway;
import java.util.Random;

/**
 * The bounds of one run, drawn from its seed: as shipped, tight, or so tight that they meet each
 * other.
 *
 * @param clocks whether wall clocks jump: under a clock that can, each start takes seconds longer
 */
record ChaosLimits(
    int spoolBytes,
    int batchRecords,
    int batchBytes,
    int messageBytes,
    int perSecond,
    boolean clocks) {
  private static final int AS_SHIPPED = 0;
  private static final int SHIPPED_SPOOL = 48 << 20;

  static ChaosLimits of(long seed) {
    Random random = new Random(seed);
    boolean tight = random.nextInt(3) > 0;
    return new ChaosLimits(
        tight ? one(random, 65_536, 131_072, 1 << 20) : SHIPPED_SPOOL,
        tight ? one(random, AS_SHIPPED, 10, 1000) : AS_SHIPPED,
        tight ? one(random, AS_SHIPPED, 4_096, 65_536) : AS_SHIPPED,
        tight ? one(random, AS_SHIPPED, AS_SHIPPED, 2_048) : AS_SHIPPED,
        one(random, 50, 300, 1_000),
        random.nextInt(4) == 0);
  }

  private static int one(Random random, int... of) {
    return of[random.nextInt(of.length)];
  }

  void edge(Spillway edge) {
    edge.set("edge.spool.maxBytes", spoolBytes)
        .set("edge.spool.segmentBytes", Math.min(spoolBytes / 8, 8 << 20));
    if (batchRecords > AS_SHIPPED) {
      edge.set("edge.batch.maxRecords", batchRecords);
    }
    if (batchBytes > AS_SHIPPED) {
      edge.set("edge.batch.maxBytes", batchBytes);
    }
  }

  void server(Spillway server) {
    server.set("server.journal.segmentBytes", 4 << 20);
    if (messageBytes > AS_SHIPPED) {
      server.set("server.limits.maxMessageBytes", messageBytes);
    }
  }

  /** Whether a record of 4,000 bytes may be set aside. */
  boolean refusesLong() {
    return messageBytes > AS_SHIPPED && messageBytes < 4_500;
  }
}
