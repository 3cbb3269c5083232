package io.spillway.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.batch.MemoryFilesLife;
import io.spillway.batch.SpoolLife;
import io.spillway.journal.Format;
import io.spillway.journal.JournalLife;
import io.spillway.journal.QuarantineLife;
import io.spillway.journal.SmallFilesLife;
import io.spillway.kit.InMemory;
import io.spillway.kit.Proof;
import io.spillway.store.StoreLife;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each place in the product that syncs a file or a directory is left out by itself, in what lives
 * did that were recorded: a power cut has to show it. So no test of power cuts passes because it
 * does not look.
 */
@DisplayName("Without one of the places that sync")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForceMutationTest {
  private static final int LIVES = 12;
  private static final int CUTS_EACH = 6;
  private static final int ATTEMPTS = 300;

  private static final String ONE_NAME =
      "this disk leaves a file one of its names, whichever of two directories is synced first";

  /** That nothing shows it, and why. */
  private static final Map<String, String> NOT_SHOWN =
      Map.of(
          "Quarantine.move#1", ONE_NAME,
          "Retirement.move", ONE_NAME,
          "Retirement.finish", "the journal that is opened next syncs the same directory first");

  private final List<Cuts<?>> lives = new ArrayList<>();
  private Map<String, String> places;

  @BeforeAll
  void live(@TempDir(factory = InMemory.class) Path temp) throws IOException {
    places = ForceSite.all();
    for (Format format : Format.values()) {
      add(new Cuts<>(format + " journal", JournalLife.of(format), temp.resolve("j" + format)));
      add(new Cuts<>("damaged", JournalLife.damaged(format), temp.resolve("damaged" + format)));
    }
    add(new Cuts<>("shorter", JournalLife.shorter(), temp.resolve("shorter")));
    add(new Cuts<>("quarantine", new QuarantineLife(), temp.resolve("quarantined")));
    add(new Cuts<>("small files", new SmallFilesLife(), temp.resolve("small")));
    add(new Cuts<>("memory files", new MemoryFilesLife(), temp.resolve("memory")), 8 * LIVES);
    add(new Cuts<>("store", new StoreLife(), temp.resolve("store")));
    for (SpoolLife.Meddling each : SpoolLife.Meddling.values()) {
      add(new Cuts<>("spool, " + each, new SpoolLife(each), temp.resolve("spool" + each)));
    }
  }

  private void add(Cuts<?> cuts) throws IOException {
    add(cuts, LIVES);
  }

  private void add(Cuts<?> cuts, int count) throws IOException {
    for (int seed = 1; seed <= count; seed++) {
      cuts.cut(1_000 + seed, 25, CUTS_EACH);
    }
    lives.add(cuts);
  }

  @Test
  @Proof
  @DisplayName("a power cut shows that it is missing")
  void each() throws IOException {
    Set<String> notShown = new TreeSet<>();
    for (Map.Entry<String, String> place : places.entrySet()) {
      if (!isShown(place.getKey())) {
        notShown.add(place.getValue());
      }
    }
    assertThat(notShown).containsExactlyInAnyOrderElementsOf(NOT_SHOWN.keySet());
  }

  private boolean isShown(String place) throws IOException {
    for (Cuts<?> cuts : lives) {
      if (cuts.misses(place, ATTEMPTS, 7)) {
        return true;
      }
    }
    return false;
  }

  @Test
  @Proof
  @DisplayName("each is come by")
  void comeBy() {
    Set<String> by = new TreeSet<>();
    lives.forEach(cuts -> by.addAll(cuts.sites()));
    assertThat(by).containsAll(places.keySet());
  }
}
