package io.spillway.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.journal.Damages;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What a spool notes of what it drops")
class DroppedNumbersTest {
  private static final SpoolIdentity ATTIC = new SpoolIdentity("attic", "e1");
  private static final SpoolIdentity LATER = new SpoolIdentity("attic", "e2");

  @TempDir private Path dir;

  @Test
  @DisplayName("is on disk at once, joined where ranges touch, for each epoch by itself")
  void ranges() throws IOException {
    begun(ATTIC).deleting(1, 51);
    DroppedNumbers dropped = begun(ATTIC);
    dropped.deleting(51, 101);
    dropped.deleting(201, 301);
    begun(LATER).deleting(1, 11);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[1,101,201,301]}");
    assertThat(noted(LATER)).isEqualTo("{\"from\":1,\"ranges\":[1,11]}");
  }

  @Test
  @DisplayName("is dropped for good, where a crash came between note and deletion")
  void stillHeld() throws IOException {
    sent(begun(ATTIC), 41).deleting(1, 31);
    DroppedNumbers dropped = DroppedNumbers.read(dir, new Damages());
    assertThat(dropped.next(ATTIC)).isEqualTo(31);
    assertThat(dropped.next(LATER)).isEqualTo(1);
    assertThat(dropped.older(ATTIC).noted().bounds()).containsExactly(1L, 31L);
  }

  @Test
  @DisplayName("stays, and is no part of the numbers, where it cannot be put down")
  void stays() throws IOException {
    DroppedNumbers dropped = sent(begun(ATTIC), 41);
    without(
        () -> assertThatThrownBy(() -> dropped.deleting(1, 31)).isInstanceOf(IOException.class));
    assertThat(dropped.noted().bounds()).isEmpty();
    assertThat(dropped.sending(1, 31)).as("may be sent").isTrue();
    assertThat(dropped.wereUnderWay(1, 31)).isEmpty();
    dropped.deleting(1, 21);
    assertThat(noted(ATTIC))
        .isEqualTo("{\"from\":1,\"ranges\":[1,21],\"undecided\":1,\"undecidedTo\":21}");
  }

  @Test
  @DisplayName("is put down behind it, where it makes the room for that")
  void forRoom() throws IOException {
    DroppedNumbers dropped = sent(begun(ATTIC), 1);
    dropped.deletingForRoom(1, 31);
    assertThat(dropped.isPending()).isTrue();
    assertThat(dropped.sending(1, 31)).isFalse();
    dropped.deleted();
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[1,31]}");
    assertThat(dropped.isPending()).isFalse();
  }

  @Test
  @DisplayName("is put down with the server's next answer, which it does not hold up")
  void roomLater() throws IOException {
    DroppedNumbers dropped = sent(begun(ATTIC), 1);
    dropped.deletingForRoom(1, 31);
    without(
        () -> {
          assertThatThrownBy(dropped::deleted).isInstanceOf(IOException.class);
          dropped.settle(41, 41); // which makes room
        });
    dropped.settle(51, 51);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[1,31]}");
  }

  /** With a file where the directory should be. */
  private void without(ThrowingCallable body) throws IOException {
    Path away = dir.resolveSibling(dir.getFileName() + "-away");
    Files.move(dir, away);
    Files.createFile(dir);
    assertThatCode(body).doesNotThrowAnyException();
    Files.delete(dir);
    Files.move(away, dir);
  }

  @Test
  @DisplayName("has a bound, and says from where on it is complete")
  void bounded() throws IOException {
    DroppedNumbers dropped = begun(ATTIC);
    for (int i = 0; i <= DroppedRanges.RANGES_MAX; i++) {
      dropped.deleting(1 + 10L * i, 6 + 10L * i);
    }
    JsonObject noted = new JsonObject(noted(ATTIC));
    assertThat(noted.getLong("from")).isEqualTo(6);
    assertThat(noted.getJsonArray("ranges")).hasSize(2 * DroppedRanges.RANGES_MAX);
  }

  @Test
  @DisplayName("is not what the server turns out to have, also after a crash in between")
  void storedAfterAll() throws IOException {
    sent(begun(ATTIC), 301).deleting(1, 301);
    DroppedNumbers dropped = sent(begun(ATTIC), 501);
    assertThat(dropped.noted().undecided()).isEqualTo(1);
    dropped.settle(101, 101);
    assertThat(noted(ATTIC))
        .isEqualTo(
            "{\"from\":1,\"ranges\":[101,301],\"assured\":101,\"undecided\":101,\"undecidedTo\":301}");
    assertThat(dropped.noted().undecidedCount()).isEqualTo(200);
    dropped.settle(201, 301);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[201,301],\"assured\":201}");
    assertThat(begun(ATTIC).noted().isOpen()).isFalse();
    assertThat(dropped.noted().undecidedCount()).isZero();

    dropped.deleting(401, 501);
    dropped.settle(451, 481);
    assertThat(noted(ATTIC))
        .as("what was decided before stays")
        .isEqualTo(
            "{\"from\":1,\"ranges\":[201,301,451,501],\"assured\":451,\"undecided\":481,\"undecidedTo\":501}");
    dropped.settle(601, 601);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[201,301,451,481],\"assured\":601}");
    assertThat(dropped.noted().droppedBelow(601)).isEqualTo(481);
    assertThat(dropped.noted().droppedBelow(460)).isEqualTo(460);
    assertThat(dropped.noted().droppedBelow(400)).isEqualTo(301);
    assertThat(dropped.noted().droppedBelow(100)).isEqualTo(1);
  }

  @Test
  @DisplayName("is nothing that was acknowledged before it went")
  void acknowledged() throws IOException {
    DroppedNumbers dropped = sent(begun(ATTIC), 101);
    dropped.assured(51);
    dropped.deleting(1, 51);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[]}");
    dropped.deleting(31, 81);
    assertThat(noted(ATTIC))
        .isEqualTo("{\"from\":1,\"ranges\":[51,81],\"undecided\":51,\"undecidedTo\":81}");
  }

  @Test
  @DisplayName("is nothing that a server had acknowledged before the last start")
  void acknowledgedBeforeTheStart() throws IOException {
    sent(begun(ATTIC), 301).deleting(1, 301);
    begun(ATTIC, 201);
    assertThat(noted(ATTIC))
        .isEqualTo(
            "{\"from\":1,\"ranges\":[201,301],\"assured\":201,\"undecided\":201,\"undecidedTo\":301}");
  }

  @Test
  @DisplayName(
      "says at the next start up to where a server had everything, if a crash cut that off")
  void assuredByTheNote() throws IOException {
    DroppedNumbers dropped = sent(begun(ATTIC), 301);
    dropped.deleting(1, 301);
    dropped.settle(73, 301);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[73,301],\"assured\":73}");
    NumberRange none = new NumberRange(301, 301);
    assertThat(DroppedNumbers.read(dir, new Damages()).begin(ATTIC, none, 1)).isEqualTo(73);
    assertThat(DroppedNumbers.read(dir, new Damages()).begin(ATTIC, none, 80)).isEqualTo(80);
  }

  @Test
  @DisplayName("is certain of all that was never sent")
  void neverSent() throws IOException {
    DroppedNumbers dropped = sent(begun(ATTIC), 41);
    dropped.deleting(1, 31);
    dropped.deleting(31, 101);
    dropped.deleting(101, 1_001);
    assertThat(dropped.noted().undecidedCount()).isEqualTo(40);
    assertThat(noted(ATTIC))
        .isEqualTo("{\"from\":1,\"ranges\":[1,1001],\"undecided\":1,\"undecidedTo\":41}");
    dropped.settle(1_001, 1_001);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[41,1001],\"assured\":1001}");
    assertThat(dropped.sending(900, 1_010)).as("what is going, or gone").isFalse();
    assertThat(dropped.sending(1_001, 1_010)).isTrue();
  }

  @Test
  @DisplayName("may have been sent by an earlier process where it was held at the start")
  void heldAtTheStart() throws IOException {
    DroppedNumbers dropped = DroppedNumbers.read(dir, new Damages());
    dropped.begin(ATTIC, new NumberRange(1, 4), 1);
    dropped.deleting(1, 3);
    assertThat(noted(ATTIC))
        .isEqualTo("{\"from\":1,\"ranges\":[1,3],\"undecided\":1,\"undecidedTo\":3}");
  }

  @Test
  @DisplayName("is as open as before where the answer cannot be noted")
  void notNoted() throws IOException {
    DroppedNumbers dropped = sent(begun(ATTIC), 301);
    dropped.deleting(1, 301);
    Path elsewhere = dir.resolveSibling(dir.getFileName() + "-gone");
    Files.move(dir, elsewhere);
    Files.createFile(dir); // where a directory should be
    assertThatThrownBy(() -> dropped.settle(101, 301)).isInstanceOf(IOException.class);
    assertThat(dropped.noted().undecided()).isEqualTo(1);
    Files.delete(dir);
    Files.move(elsewhere, dir);
    dropped.settle(101, 301);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[101,301],\"assured\":101}");
    assertThat(dropped.noted().isOpen()).isFalse();
  }

  @Test
  @DisplayName("is told without waiting for the disk")
  void readers() throws Exception {
    DroppedNumbers dropped = sent(begun(ATTIC), 301);
    dropped.deleting(1, 301);
    synchronized (dropped) { // as while it is written
      CompletableFuture.runAsync(
              () -> {
                dropped.assured(11);
                dropped.sending(301, 311);
                dropped.noted().undecided();
              })
          .get(30, TimeUnit.SECONDS);
    }
    dropped.deleting(301, 321);
    assertThat(dropped.noted().undecidedCount()).isEqualTo(300 + 10);
  }

  @Test
  @DisplayName("tells what was under way when it went, though more was sent since")
  void underWay() throws IOException {
    DroppedNumbers dropped = begun(ATTIC);
    dropped.deleting(1, 11); // none of them was
    dropped.sending(11, 16);
    dropped.deleting(11, 21);
    dropped.deleting(21, 31);
    dropped.sending(11, 41);
    assertThat(dropped.wereUnderWay(1, 11).stream().map(NumberRange::count)).containsOnly(0L);
    assertThat(dropped.wereUnderWay(11, 31).stream().map(NumberRange::count))
        .containsExactly(5L, 0L);
    assertThat(dropped.wereUnderWay(11, 31)).isEmpty();
  }

  private static DroppedNumbers sent(DroppedNumbers dropped, long next) {
    assertThat(dropped.sending(1, next)).isTrue();
    return dropped;
  }

  @Test
  @DisplayName("begins anew where the file is damaged")
  void damaged() throws IOException {
    begun(ATTIC).deleting(1, 51);
    Path file = dir.resolve("dropped.json");
    Files.writeString(file, Files.readString(file).replace("51", "91"));
    Damages damages = new Damages();
    DroppedNumbers.read(dir, damages);
    assertThat(damages.count()).isOne();
    begun(ATTIC);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[]}");
  }

  private DroppedNumbers begun(SpoolIdentity of) throws IOException {
    return begun(of, 1);
  }

  /** Holds nothing: all that was noted has gone. */
  private DroppedNumbers begun(SpoolIdentity of, long acknowledged) throws IOException {
    DroppedNumbers dropped = DroppedNumbers.read(dir, new Damages());
    List<Long> bounds =
        Files.exists(dir.resolve("dropped.json")) && noted(of) != null
            ? DroppedRanges.parse(new JsonObject(noted(of))).bounds()
            : List.of();
    long next = bounds.isEmpty() ? 1 : bounds.get(bounds.size() - 1);
    dropped.begin(of, new NumberRange(next, next), acknowledged);
    return dropped;
  }

  private String noted(SpoolIdentity of) throws IOException {
    JsonObject all = new JsonObject(Files.readString(dir.resolve("dropped.json")));
    JsonObject one = all.getJsonObject("epochs").getJsonObject(of.toString());
    return one == null ? null : one.encode();
  }
}
