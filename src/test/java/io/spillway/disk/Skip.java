package io.spillway.disk;

import io.spillway.disk.DiskEvent.Force;
import io.spillway.disk.DiskEvent.Node;
import io.spillway.disk.DiskEvent.Sync;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A sync that had something to do, and may be left out.
 *
 * <p>Two are the same only if they are one.
 */
final class Skip {
  private final int from;
  private final int to;

  /**
   * @param from as many events come before a cut at least: the last of them is the sync
   * @param to and at most: the next one syncs the same
   */
  private Skip(int from, int to) {
    this.from = from;
    this.to = to;
  }

  /** Those of one place. */
  static List<Skip> of(ForgettingDisk disk, List<DiskEvent> events, String site) {
    List<Skip> skips = new ArrayList<>();
    PowerCut power = new PowerCut(disk, "");
    for (int at = 0; at < events.size(); at++) {
      DiskEvent event = events.get(at);
      if (site(event).equals(site) && power.isPending(synced(event))) {
        skips.add(new Skip(at + 1, next(events, at + 1, synced(event))));
      }
      power.after(event);
    }
    return skips;
  }

  private static int next(List<DiskEvent> events, int from, Node synced) {
    int at = from;
    while (at < events.size() && synced(events.get(at)) != synced) {
      at++;
    }
    return at;
  }

  static String site(DiskEvent event) {
    if (event instanceof Force force) {
      return force.site();
    }
    return event instanceof Sync sync ? sync.site() : "";
  }

  private static Node synced(DiskEvent event) {
    if (event instanceof Force force) {
      return force.file();
    }
    return event instanceof Sync sync ? sync.dir() : null;
  }

  /** How many events come before the power is cut. */
  int cut(Random random) {
    return from + random.nextInt(to - from + 1);
  }
}
