package io.spillway.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.tools.Sequence.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What became of the numbers of an epoch")
class EpochProofTest {
  private static final int NUMBERS = 3;
  private static final int ROLES = 16; // of a number: stored, in the spool, set aside, dropped

  @Test
  @DisplayName("is one thing for each of them, whatever stands where: all of three numbers")
  void everyNumberOnce() {
    for (int roles = 0; roles < ROLES * ROLES * ROLES; roles++) {
      for (long acknowledged = 1; acknowledged <= NUMBERS + 1; acknowledged++) {
        for (Head head : Head.values()) {
          for (long noted : new long[] {1, Long.MAX_VALUE}) {
            once(evidence(roles, acknowledged, head, noted));
          }
        }
      }
    }
  }

  private static void once(EpochEvidence of) {
    EpochProof proof = EpochProof.of(of);
    List<Range> all = new ArrayList<>();
    Stream.of(
            proof.stored(),
            proof.setAside(),
            proof.dropped(),
            proof.waiting(),
            proof.deleted(),
            proof.unknown(),
            proof.missing())
        .forEach(numbers -> all.addAll(numbers.ranges()));
    assertThat(all.stream().mapToLong(Range::count).sum()).as("%s", of).isEqualTo(NUMBERS);
    assertThat(Numbers.of(all)).as("%s", of).isEqualTo(Numbers.between(1, NUMBERS + 1));
    Numbers nowhere =
        Numbers.between(1, NUMBERS + 1)
            .minus(of.stored())
            .minus(of.inSpool())
            .minus(of.setAside())
            .minus(of.dropped());
    assertThat(proof.missing().plus(proof.deleted()).plus(proof.unknown()).and(nowhere))
        .as("nothing is called good that nothing accounts for: %s", of)
        .isEqualTo(nowhere);
    if (of.head() == Head.HELD && of.droppedFrom() == 1) {
      assertThat(proof.missing().and(nowhere)).as("%s", of).isEqualTo(nowhere);
    }
  }

  private static EpochEvidence evidence(int roles, long acknowledged, Head head, long noted) {
    List<List<Range>> sets =
        List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int number = 1, left = roles; number <= NUMBERS; number++, left /= ROLES) {
      for (int set = 0; set < sets.size(); set++) {
        if (((left >> set) & 1) != 0) {
          sets.get(set).add(new Range(number, number));
        }
      }
    }
    return new EpochEvidence(
        Numbers.of(sets.get(0)),
        Numbers.of(sets.get(1)),
        Numbers.of(sets.get(2)),
        Numbers.of(sets.get(3)),
        NUMBERS + 1,
        NUMBERS + 1,
        acknowledged,
        noted,
        1,
        head);
  }

  @Test
  @DisplayName("is good for one that is stored and still in the spool")
  void storedAndHeld() {
    EpochProof proof = of(Numbers.between(1, 8), Numbers.between(5, 11), 5, Head.HELD);
    assertThat(proof.waiting()).isEqualTo(Numbers.between(8, 11));
    assertThat(proof.storedAndHeld()).isEqualTo(3);
    assertThat(proof.isWhole()).isTrue();
  }

  @Test
  @DisplayName("is loss for one that the server acknowledged and does not have, though it is held")
  void acknowledgedAndNotStored() {
    EpochProof proof = of(Numbers.between(1, 5), Numbers.between(1, 11), 8, Head.HELD);
    assertThat(proof.missing()).isEqualTo(Numbers.between(5, 8));
    assertThat(proof.acknowledgedAndHeld()).isEqualTo(Numbers.between(5, 8));
    assertThat(proof.waiting()).isEqualTo(Numbers.between(8, 11));
  }

  @Test
  @DisplayName("cannot be checked where retention has deleted, and a gap above that is loss")
  void deletedByRetention() {
    Numbers stored = Numbers.between(101, 151).plus(Numbers.between(161, 201));
    EpochProof proof = of(stored, Numbers.NONE, 201, Head.DELETED);
    assertThat(proof.deleted()).isEqualTo(Numbers.between(1, 101));
    assertThat(proof.missing()).isEqualTo(Numbers.between(151, 161));
    assertThat(of(stored, Numbers.NONE, 201, Head.UNNOTED).unknown())
        .isEqualTo(Numbers.between(1, 101));
    assertThat(of(stored, Numbers.NONE, 201, Head.HELD).missing().count()).isEqualTo(110);
  }

  private static EpochProof of(Numbers stored, Numbers inSpool, long acknowledged, Head head) {
    long given = Math.max(stored.end(), inSpool.end());
    return EpochProof.of(
        new EpochEvidence(
            stored, inSpool, Numbers.NONE, Numbers.NONE, given, given, acknowledged, 1, 1, head));
  }

  @Test
  @DisplayName("is not known below where an edge began to note what it drops")
  void droppedBeforeItWasNoted() {
    EpochEvidence of =
        new EpochEvidence(
            Numbers.between(1, 51),
            Numbers.between(201, 301),
            Numbers.NONE,
            Numbers.between(101, 151),
            301,
            51,
            51,
            101,
            1,
            Head.HELD);
    EpochProof proof = EpochProof.of(of);
    assertThat(proof.unknown()).isEqualTo(Numbers.between(51, 101));
    assertThat(proof.dropped()).isEqualTo(Numbers.between(101, 151));
    assertThat(proof.missing()).isEqualTo(Numbers.between(151, 201));
  }

  @Test
  @DisplayName(
      "of a journal's head is loss unless retention has noted, from the beginning, that it went")
  void head() {
    assertThat(Head.of(1, Long.MAX_VALUE, 1)).isEqualTo(Head.HELD);
    assertThat(Head.of(101, Long.MAX_VALUE, 1)).as("nobody notes").isEqualTo(Head.UNNOTED);
    assertThat(Head.of(101, 1, 1)).as("retention deleted nothing").isEqualTo(Head.HELD);
    assertThat(Head.of(101, 1, 101)).isEqualTo(Head.DELETED);
    assertThat(Head.of(101, 51, 101)).as("noted since then").isEqualTo(Head.UNNOTED);
    assertThat(Head.of(201, 1, 101)).as("more than it deleted").isEqualTo(Head.UNNOTED);
  }
}
