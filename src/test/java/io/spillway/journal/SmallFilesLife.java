package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.disk.ForgettingDisk;
import io.spillway.disk.Life;
import io.spillway.message.Rejected;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Small files, in directories that have yet to be made, count up; beside them is kept what was
 * rejected, in files that are soon full. Processes are killed in between.
 */
public final class SmallFilesLife implements Life<SmallFilesLife.Promised> {
  private static final List<String> FILES =
      List.of("a/b/c/d/one", "a/b/two", "e/f/three", "e/f/four", "g/h/five", "i/j/six", "k/seven");
  private static final Pattern ID = Pattern.compile("\"n([0-9]+)\"");
  private static final int BYTES_MAX = 700;

  /**
   * What has to hold.
   *
   * @param counts which each file has reached
   * @param rejected those that have to be there
   */
  public record Promised(Map<String, Integer> counts, List<Integer> rejected) {}

  @Override
  public Promised before(Path dir, Random random) {
    return new Promised(Map.of(), List.of());
  }

  @Override
  public void live(ForgettingDisk disk, Promised promised, Random random, int steps)
      throws IOException {
    Run run = new Run(disk, promised, random);
    run.open();
    for (int step = 0; step < steps; step++) {
      run.step();
    }
  }

  private static final class Run {
    private final ForgettingDisk disk;
    private final Path root;
    private final Path rejectedDir;
    private final Random random;
    private final Map<String, Integer> counts;
    private final Map<String, Integer> tried = new TreeMap<>();
    private final List<Integer> rejected;
    private int number;

    Run(ForgettingDisk disk, Promised promised, Random random) {
      this.disk = disk;
      this.random = random;
      root = disk.root();
      rejectedDir = root.resolve("e").resolve("f");
      counts = new TreeMap<>(promised.counts);
      rejected = new ArrayList<>(promised.rejected);
      number = random.nextInt(1 << 30);
    }

    /** Whoever starts makes the directory that it was given. */
    void open() throws IOException {
      Disk.REAL.makeDirectories(root.resolve("a").resolve("b"));
      Damages damages = new Damages();
      for (String file : FILES) {
        int count = read(file, damages);
        assertThat(count).as(file).isGreaterThanOrEqualTo(counts.getOrDefault(file, 0));
        tried.merge(file, count, Math::max);
      }
      assertThat(damages.words()).isEmpty();
      assertThat(rejectedNow()).containsAll(rejected);
    }

    private int read(String file, Damages damages) throws IOException {
      Optional<StateFile.Content<Integer>> said =
          StateFile.read(
              root.resolve(file),
              text -> Integer.parseInt(text.replaceAll("[^0-9]", "")),
              false,
              "nothing",
              damages);
      return said.map(StateFile.Content::value).orElse(0);
    }

    private List<Integer> rejectedNow() throws IOException {
      List<Integer> now = numbers(rejectedDir.resolve("rejected.1.ndjson"));
      now.addAll(numbers(rejectedDir.resolve("rejected.ndjson")));
      return now;
    }

    private static List<Integer> numbers(Path file) throws IOException {
      List<Integer> numbers = new ArrayList<>();
      if (Files.exists(file)) {
        Matcher id = ID.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (id.find()) {
          numbers.add(Integer.parseInt(id.group(1)));
        }
      }
      return numbers;
    }

    void step() throws IOException {
      if (random.nextInt(4) == 0) {
        disk.killAfter(random.nextInt(random.nextBoolean() ? 3 : 10));
      }
      try {
        if (random.nextBoolean()) {
          count(FILES.get(random.nextInt(FILES.size())));
        } else {
          reject(1 + random.nextInt(2));
        }
      } catch (IOException killed) {
        assertThat(disk.isDead()).as("killed, and not " + killed.getMessage()).isTrue();
      }
      if (disk.isDead()) {
        disk.revive();
        open();
      }
      disk.revive();
    }

    private void count(String file) throws IOException {
      if (Files.notExists(root.resolve(file)) && random.nextInt(3) == 0) {
        disk.killAfter(1 + random.nextInt(3)); // while its directories are made
      }
      int next = tried.merge(file, 1, Integer::sum);
      StateFile.write(root.resolve(file), "{\"count\":" + next + "}");
      counts.put(file, next);
      promise();
    }

    /** As dead letters are kept: by one who is made anew each time. */
    private void reject(int many) throws IOException {
      List<Rejected> more = new ArrayList<>();
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        numbers.add(number++);
        byte[] payload = new byte[random.nextInt(90)];
        String id = "n" + numbers.get(i);
        more.add(new Rejected(id, 0, "why", payload, payload.length));
      }
      Path file = rejectedDir.resolve("rejected.ndjson");
      if (Files.exists(file) && Files.size(file) >= BYTES_MAX) {
        List<Integer> stay = numbers(file);
        List<Integer> older = numbers(rejectedDir.resolve("rejected.1.ndjson"));
        rejected.removeIf(n -> older.contains(n) && !stay.contains(n)); // it makes room
        promise();
      }
      Disk.REAL.makeDirectories(rejectedDir);
      new RejectedLog(rejectedDir, BYTES_MAX).append(more);
      rejected.addAll(numbers);
      promise();
    }

    private void promise() {
      disk.promise(new Promised(new TreeMap<>(counts), List.copyOf(rejected)));
    }
  }
}
