package io.spillway.server.part;

import static io.spillway.server.part.ReceiveBudget.LITTLE;
import static io.spillway.server.part.ReceiveBudget.STORING_MAX;
import static io.spillway.server.part.ReceiveBudget.WITHIN_MS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The budget of what is received")
class ReceiveBudgetTest {
  private static final int MIB = 1 << 20;

  private final ReceiveBudget budget = new ReceiveBudget(4 * MIB);

  /** A connection and its socket. */
  private static final class Peer implements ReceiveBudget.Sender {
    final ReceiveBudget.Share share;
    boolean read = true;
    boolean late;

    Peer(ReceiveBudget budget) {
      share = budget.enter(this);
    }

    @Override
    public void reading(boolean on) {
      read = on;
    }

    @Override
    public void late() {
      late = true;
    }

    Peer came(int bytes) {
      share.came(bytes, 0);
      return this;
    }
  }

  private Peer peer() {
    return new Peer(budget);
  }

  @Test
  @DisplayName("lets all be read while there is room")
  void room() {
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      peers.add(peer().came(MIB / 2));
    }
    assertThat(peers).allMatch(peer -> peer.read);
    assertThat(budget.held()).isEqualTo(4 * MIB);
    assertThat(budget.waiting()).isZero();
  }

  @Test
  @DisplayName("holds no more of a message of parts that say nothing than they are long")
  void emptyParts() {
    Peer flooding = peer();
    for (int i = 0; i < 10_000; i++) {
      flooding.came(6 * 1_000);
      flooding.share.part(0, 1, 0);
    }
    assertThat(budget.held()).isEqualTo(LITTLE + 2);
    assertThat(peer().came(MIB).read).isTrue();
    flooding.share.complete();
    flooding.share.part(MIB, MIB, 0); // which was compressed
    assertThat(budget.held()).isEqualTo(2 * MIB);
  }

  @Test
  @DisplayName("does not read who brings more than there is room for, until somebody is done")
  void full() {
    Peer first = peer().came(4 * MIB);
    Peer second = peer().came(LITTLE + 1);
    Peer third = peer().came(LITTLE + 1);
    assertThat(first.read).isTrue();
    assertThat(second.read || third.read).isFalse();
    assertThat(budget.waiting()).isEqualTo(2);
    first.share.complete();
    assertThat(second.read && third.read).isTrue();
    assertThat(budget.waiting()).isZero();
  }

  @Test
  @DisplayName("always reads who has sent little")
  void little() {
    peer().came(5 * MIB);
    assertThat(peer().came(LITTLE).read).isTrue();
  }

  @Test
  @DisplayName("always reads the one whose message has been coming for longest")
  void eldest() {
    Peer first = peer().came(LITTLE + 1);
    Peer second = peer().came(5 * MIB);
    Peer third = peer().came(5 * MIB);
    assertThat(first.came(MIB).read).isTrue();
    assertThat(second.read || third.read).isFalse();
    first.share.leave();
    assertThat(second.read).isTrue();
    assertThat(third.read).isFalse();
  }

  @Test
  @DisplayName("does not read who has too much on the way to the disk, until half of it is there")
  void storing() {
    ReceiveBudget roomy = new ReceiveBudget(1L << 40);
    Peer peer = new Peer(roomy);
    peer.share.storing(STORING_MAX);
    assertThat(peer.read).isTrue();
    peer.share.storing(1);
    assertThat(peer.read).isFalse();
    peer.share.settled(STORING_MAX / 2);
    assertThat(peer.read).isFalse();
    peer.share.settled(1);
    assertThat(peer.read).isTrue();
    assertThat(roomy.held()).isEqualTo(STORING_MAX / 2);
  }

  @Test
  @DisplayName("counts no control frame, however many have come, and all else that came with them")
  void controlFrames() {
    Peer viewer = peer();
    for (int pong = 0; pong < 100_000; pong++) {
      viewer.came(6 + 4).share.control(4);
    }
    assertThat(budget.held()).isZero();
    viewer.came(LITTLE + 1 + 6).share.control(0);
    assertThat(budget.held()).isEqualTo(LITTLE + 1);
    viewer.share.control(1 << 20);
    assertThat(budget.held()).isZero();
  }

  @Test
  @DisplayName("counts what waits for the disk, of many that are each within their own limit")
  void storingOfMany() {
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      peers.add(peer());
      peers.get(i).share.storing(2 * MIB);
    }
    assertThat(peers.get(1).read).isTrue();
    assertThat(peers.get(3).read).isFalse();
    peers.get(0).share.settled(2 * MIB);
    peers.get(1).share.settled(2 * MIB);
    peers.get(2).share.settled(MIB);
    assertThat(peers).allMatch(peer -> peer.read);
  }

  @Test
  @DisplayName("ends the eldest message after a minute, if others wait for it, and no other")
  void late() {
    Peer first = peer().came(5 * MIB);
    budget.tick(WITHIN_MS + 1);
    assertThat(first.late).isFalse();
    Peer second = peer().came(MIB);
    budget.tick(WITHIN_MS);
    assertThat(first.late).isFalse();
    budget.tick(WITHIN_MS + 1);
    assertThat(first.late).isTrue();
    assertThat(second.late).isFalse();
  }

  @Test
  @DisplayName("reads one that leaves, and forgets it")
  void leaving() {
    peer().came(4 * MIB);
    Peer second = peer().came(MIB);
    assertThat(second.read).isFalse();
    second.share.leave();
    assertThat(second.read).isTrue();
    second.share.came(MIB, 0);
    second.share.settled(5);
    assertThat(budget.held()).isEqualTo(4 * MIB);
    assertThat(second.read).isTrue();
    assertThat(budget.waiting()).isZero();
  }

  @Test
  @DisplayName("is a quarter of the heap, and room for two messages at least")
  void size() {
    ReceiveBudget small = ReceiveBudget.of(MIB, 4 * MIB);
    new Peer(small).came(MIB);
    assertThat(new Peer(small).came(MIB).read).isTrue();
    ReceiveBudget usual = ReceiveBudget.of(MIB, 256 * MIB);
    new Peer(usual).came(63 * MIB);
    assertThat(new Peer(usual).came(MIB).read).isTrue();
    assertThat(new Peer(usual).came(MIB).read).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  @DisplayName("is kept whatever comes, never stands still, and is whole when all have gone")
  void walk(long seed) {
    Random random = new Random(seed);
    int reading = 64 << 10;
    List<Peer> peers = new ArrayList<>();
    List<Long> storing = new ArrayList<>();
    for (int step = 0; step < 40_000; step++) {
      if (peers.isEmpty() || random.nextInt(50) == 0) {
        peers.add(peer());
        storing.add(0L);
      }
      int at = random.nextInt(peers.size());
      Peer peer = peers.get(at);
      switch (random.nextInt(13)) {
        case 0 -> {
          peer.share.complete();
          int bytes = random.nextInt(MIB);
          peer.share.storing(bytes);
          storing.set(at, storing.get(at) + bytes);
        }
        case 1, 2 -> {
          long part = storing.get(at) == 0 ? 0 : random.nextLong(storing.get(at) + 1);
          peer.share.settled(part);
          storing.set(at, storing.get(at) - part);
        }
        case 3 -> {
          if (random.nextInt(5) == 0) {
            peer.share.leave();
            peers.remove(at);
            storing.remove(at);
          }
        }
        case 4 -> peer.share.control(random.nextInt(126));
        default -> {
          if (peer.read) {
            peer.came(random.nextInt(reading));
          }
        }
      }
      boolean nothingStores = storing.stream().allMatch(bytes -> bytes == 0);
      if (nothingStores && !peers.isEmpty()) {
        assertThat(peers).anyMatch(each -> each.read);
      }
      assertThat(budget.waiting()).isLessThanOrEqualTo(peers.size());
    }
    peers.forEach(peer -> peer.share.leave());
    assertThat(budget.held()).isZero();
    assertThat(budget.waiting()).isZero();
  }
}
