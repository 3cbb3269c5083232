package io.spillway.disk;

import io.spillway.disk.DiskEvent.Add;
import io.spillway.disk.DiskEvent.Change;
import io.spillway.disk.DiskEvent.Force;
import io.spillway.disk.DiskEvent.Node;
import io.spillway.disk.DiskEvent.Remove;
import io.spillway.disk.DiskEvent.Rename;
import io.spillway.disk.DiskEvent.Sync;
import io.spillway.disk.DiskEvent.Truncate;
import io.spillway.disk.DiskEvent.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * What may be left of a disk when the power is cut behind one event or another. What is synced is
 * there. Of the rest each name is there or not by itself, and of a file the first writes, the next
 * one torn at any byte, or, as {@link #image} says, any of its writes with holes in them.
 *
 * <p>A rename in one directory is one step, as file systems with a journal have it; between two a
 * file may be left with both names, but not with none.
 */
final class PowerCut {
  private static final byte[] NOTHING = {};

  private final Node top;
  private final String skipped;
  private final boolean patchy;
  private final Map<Node, byte[]> durable;
  private final Map<Node, List<Change>> unsynced = new HashMap<>();
  private final Map<Node, Map<String, Node>> entries = new HashMap<>();
  private List<DiskEvent> unsyncedNames = new ArrayList<>();

  /**
   * Before the first event.
   *
   * @param skipped a place that syncs nothing, as if the call was not there; empty for none
   */
  PowerCut(ForgettingDisk disk, String skipped) {
    top = disk.top();
    this.skipped = skipped;
    patchy = disk.isPatchy();
    durable = new HashMap<>(disk.contents());
    disk.entries().forEach((dir, inside) -> entries.put(dir, new HashMap<>(inside)));
  }

  /** This is done before the power is cut. */
  void after(DiskEvent event) {
    if (event instanceof Change change) {
      unsynced.computeIfAbsent(change.file(), file -> new ArrayList<>()).add(change);
    } else if (event instanceof Force force && !force.site().equals(skipped)) {
      byte[] content = durable.getOrDefault(force.file(), NOTHING);
      for (Change change : unsynced.getOrDefault(force.file(), List.of())) {
        content = changed(content, change);
      }
      durable.put(force.file(), content);
      unsynced.remove(force.file());
    } else if (event instanceof Sync sync && !sync.site().equals(skipped)) {
      sync(sync.dir());
    } else if (event instanceof Add || event instanceof Remove || event instanceof Rename) {
      unsyncedNames.add(event);
    }
  }

  /** Whether something of a file or directory is not synced. */
  boolean isPending(Node node) {
    return unsynced.containsKey(node)
        || unsyncedNames.stream().anyMatch(event -> concerns(event, node));
  }

  private static boolean concerns(DiskEvent event, Node dir) {
    return event instanceof Rename rename
        ? rename.to().dir() == dir || rename.from().dir() == dir
        : dirOf(event) == dir;
  }

  private void sync(Node dir) {
    List<DiskEvent> left = new ArrayList<>();
    for (DiskEvent event : unsyncedNames) {
      if (event instanceof Rename rename) {
        boolean there = rename.from().dir() == dir;
        if (there || rename.to().dir() == dir) {
          apply(entries, rename.to()); // no file is without a name, whichever directory is synced
          if (there) {
            apply(entries, rename.from());
          } else {
            left.add(rename.from());
          }
        } else {
          left.add(rename);
        }
      } else if (dirOf(event) == dir) {
        apply(entries, event);
      } else {
        left.add(event);
      }
    }
    unsyncedNames = left;
  }

  private static Node dirOf(DiskEvent event) {
    return event instanceof Add add ? add.dir() : ((Remove) event).dir();
  }

  private static void apply(Map<Node, Map<String, Node>> to, DiskEvent event) {
    if (event instanceof Add add) {
      to.computeIfAbsent(add.dir(), dir -> new HashMap<>()).put(add.name(), add.node());
    } else if (event instanceof Remove remove) {
      to.computeIfAbsent(remove.dir(), dir -> new HashMap<>()).remove(remove.name(), remove.node());
    }
  }

  private static byte[] changed(byte[] content, Change change) {
    if (change instanceof Truncate truncate) {
      return truncate.size() < content.length
          ? Arrays.copyOf(content, (int) truncate.size())
          : content;
    }
    Write write = (Write) change;
    int end = (int) write.at() + write.bytes().length;
    byte[] longer = Arrays.copyOf(content, Math.max(content.length, end));
    System.arraycopy(write.bytes(), 0, longer, (int) write.at(), write.bytes().length);
    return longer;
  }

  /**
   * Makes in an empty directory one of the states that may be left.
   *
   * @param holes whether of a file any write may be there, in part, and not only the first ones
   * @return the disk then; patchy where there are such holes
   */
  ForgettingDisk image(Path target, Random random, boolean holes) throws IOException {
    Map<Node, Map<String, Node>> left = new HashMap<>();
    entries.forEach((dir, inside) -> left.put(dir, new HashMap<>(inside)));
    Set<DiskEvent> kept = kept(random);
    for (DiskEvent event : unsyncedNames) {
      if (!kept.contains(event)) {
        continue;
      }
      if (event instanceof Rename rename) {
        apply(left, rename.to());
        boolean oneStep = rename.to().dir() == rename.from().dir();
        if (oneStep || random.nextInt(4) > 0) {
          apply(left, rename.from());
        }
      } else {
        apply(left, event);
      }
    }
    Files.createDirectories(target);
    Torn torn = new Torn(random, holes);
    write(top, target, left, torn);
    return new ForgettingDisk(target, patchy || torn.patchy);
  }

  /** None or all, one alone, all but one, or any: by chance. */
  private Set<DiskEvent> kept(Random random) {
    int size = unsyncedNames.size();
    if (size == 0) {
      return Set.of();
    }
    DiskEvent one = unsyncedNames.get(random.nextInt(size));
    Set<DiskEvent> kept = new HashSet<>();
    switch (random.nextInt(5)) {
      case 0 -> {}
      case 1 -> kept.addAll(unsyncedNames);
      case 2 -> kept.add(one);
      case 3 -> {
        kept.addAll(unsyncedNames);
        kept.remove(one);
      }
      default -> unsyncedNames.stream().filter(each -> random.nextBoolean()).forEach(kept::add);
    }
    return kept;
  }

  private void write(Node dir, Path to, Map<Node, Map<String, Node>> left, Torn torn)
      throws IOException {
    for (Map.Entry<String, Node> entry : left.getOrDefault(dir, Map.of()).entrySet()) {
      Path file = to.resolve(entry.getKey());
      Node node = entry.getValue();
      if (node.isDirectory) {
        Files.createDirectories(file);
        write(node, file, left, torn);
      } else {
        Files.write(file, torn.left.computeIfAbsent(node, each -> left(each, torn)));
      }
    }
  }

  private byte[] left(Node file, Torn torn) {
    return torn.of(durable.getOrDefault(file, NOTHING), unsynced.getOrDefault(file, List.of()));
  }

  /** What is left of files. */
  private static final class Torn {
    private final Random random;
    private final boolean holes;
    private final Map<Node, byte[]> left = new HashMap<>(); // of one with two names the same
    private boolean patchy;

    Torn(Random random, boolean holes) {
      this.random = random;
      this.holes = holes;
    }

    byte[] of(byte[] durable, List<Change> changes) {
      if (changes.isEmpty()) {
        return durable;
      }
      return holes && random.nextBoolean() ? patches(durable, changes) : first(durable, changes);
    }

    private byte[] first(byte[] durable, List<Change> changes) {
      int count =
          switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> changes.size();
            default -> random.nextInt(changes.size());
          };
      byte[] content = durable;
      for (Change change : changes.subList(0, count)) {
        content = changed(content, change);
      }
      boolean more = count < changes.size() && changes.get(count) instanceof Write;
      return more && random.nextBoolean()
          ? changed(content, head((Write) changes.get(count)))
          : content;
    }

    private byte[] patches(byte[] durable, List<Change> changes) {
      byte[] content = durable;
      for (Change change : changes) {
        int fate = random.nextInt(5);
        patchy |= fate > 0;
        if (fate == 0) {
          content = changed(content, change);
        } else if (change instanceof Write write && fate > 1) {
          content = changed(content, fate == 2 ? head(write) : hole(write));
        }
      }
      return content;
    }

    private Write head(Write write) {
      int length = random.nextInt(write.bytes().length + 1);
      return new Write(write.file(), write.at(), Arrays.copyOf(write.bytes(), length));
    }

    /** As long as it was, and in part never written. */
    private Write hole(Write write) {
      byte[] bytes = write.bytes().clone();
      int from = random.nextInt(bytes.length + 1);
      int to = from + random.nextInt(bytes.length - from + 1);
      Arrays.fill(bytes, from, to, (byte) 0);
      return new Write(write.file(), write.at(), bytes);
    }
  }
}
