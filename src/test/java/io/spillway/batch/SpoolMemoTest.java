package io.spillway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.journal.Damages;
import io.spillway.redelivery.Beginning;
import io.spillway.redelivery.ChunkJudge;
import io.spillway.redelivery.CommitMemo;
import io.spillway.redelivery.Habit;
import io.spillway.redelivery.Moment;
import io.spillway.redelivery.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The memory of the spool")
class SpoolMemoTest {
  private static final int ALL = 65_535;

  @TempDir Path dir;
  private SpoolMemo memo;

  @BeforeEach
  void open() throws IOException {
    memo = new SpoolMemo(dir, new Damages());
  }

  @Test
  @DisplayName("knows the messages and the chunk it was told of, and no others")
  void remembers() {
    connect();
    accept(false, 77, 1, 2);
    connect();
    assertThat(again(1)).isEqualTo(Verdict.KNOWN);
    assertThat(again(2)).isEqualTo(Verdict.KNOWN);
    assertThat(again(3)).isNotEqualTo(Verdict.KNOWN);
    assertThat(again(77)).isNotEqualTo(Verdict.KNOWN);
    assertThat(memo.hasChunk(77)).isTrue();
    assertThat(memo.hasChunk(1)).isFalse();
    assertThat(memo.hasChunk(0)).isFalse();
  }

  @Test
  @DisplayName("knows the last message of each identifier, and 64 chunks")
  void limit() {
    connect();
    for (int message = 1; message <= ALL; message++) {
      accept(false, chunk(message), message);
    }
    connect();
    assertThat(again(ALL)).isEqualTo(Verdict.KNOWN);
    assertThat(again(ALL - 30_000)).isEqualTo(Verdict.KNOWN);
    assertThat(memo.hasChunk(chunk(ALL - 63))).isTrue();
    assertThat(memo.hasChunk(chunk(ALL - 64))).isFalse();
  }

  @Test
  @DisplayName("knows 64 chunks, of however many parts one of them is")
  void parts() {
    connect();
    for (int number = 1; number <= 63; number++) {
      accept(false, chunk(number));
    }
    for (int reach = 1; reach < 20_000; reach++) {
      accept(false, Long.MAX_VALUE + reach); // ids wrap
    }
    for (int number = 1; number <= 63; number++) {
      assertThat(memo.hasChunk(chunk(number))).isTrue();
    }
    assertThat(memo.hasChunk(Long.MAX_VALUE + 19_999)).isTrue();
    accept(false, chunk(64));
    assertThat(memo.hasChunk(Long.MAX_VALUE + 19_999)).isTrue();
    assertThat(memo.hasChunk(chunk(1))).isFalse();
  }

  @Test
  @DisplayName("forgets messages, not chunks, when a new session begins")
  void newSession() {
    connect();
    accept(false, 7, 1, 2);
    connect();
    accept(true, chunk(8), 2, 3);
    assertThat(again(1)).isNotEqualTo(Verdict.KNOWN);
    assertThat(again(2)).isEqualTo(Verdict.KNOWN);
    assertThat(again(3)).isEqualTo(Verdict.KNOWN);
    assertThat(memo.hasChunk(7)).isTrue();
    assertThat(memo.hasChunk(chunk(8))).isTrue();
  }

  @Test
  @DisplayName("forgets the session of another broker or client identifier")
  void anotherSession() {
    connect();
    accept(false, 7, 1);
    connect(2);
    assertThat(again(1)).isNotEqualTo(Verdict.KNOWN);
    assertThat(memo.hasChunk(7)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000, ALL})
  @DisplayName(
      "is the same after it was kept, at any fill, and takes little room for a few messages")
  void kept(int messages) throws IOException {
    connect();
    for (int message = 1; message <= messages; message++) {
      accept(false, -message, message);
    }
    memo.keep();
    SpoolMemo after = new SpoolMemo(dir, new Damages());
    assertThat(after.session().save()).isEqualTo(memo.session().save());
    for (int i = 0; i < 2; i++) {
      assertThat(Files.size(dir.resolve("redelivery-" + i))).isLessThan(700 + 10L * messages);
    }
    assertThat(after.hasChunk(-messages)).isEqualTo(messages > 0);
    assertThat(after.snapshot()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @DisplayName("is the same when one of its two files is torn, damaged or gone")
  void oneDamaged(int which) throws IOException {
    connect();
    accept(false, 7, 1, 2, 3);
    memo.keep();
    Path file = dir.resolve("redelivery-" + which);
    byte[] whole = Files.readAllBytes(file);
    byte[] wrong = whole.clone();
    wrong[whole.length / 2] ^= 1;
    Files.write(file, wrong);
    assertThat(new SpoolMemo(dir, new Damages()).session().save()).isEqualTo(memo.session().save());
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
    assertThat(new SpoolMemo(dir, new Damages()).session().save()).isEqualTo(memo.session().save());
    Files.write(file, new byte[0]);
    assertThat(new SpoolMemo(dir, new Damages()).session().save()).isEqualTo(memo.session().save());
    Files.delete(file);
    assertThat(new SpoolMemo(dir, new Damages()).session().save()).isEqualTo(memo.session().save());
  }

  @Test
  @DisplayName("stores and counts what is sent again when both of its files are damaged")
  void bothDamaged() throws IOException {
    connect();
    accept(false, 7, 1, 2, 3);
    memo.keep();
    Files.write(dir.resolve("redelivery-0"), new byte[100]);
    Files.write(dir.resolve("redelivery-1"), new byte[100]);
    memo = new SpoolMemo(dir, new Damages());
    connect();
    assertThat(again(1)).isEqualTo(Verdict.DOUBTFUL);
    assertThat(again(9)).isEqualTo(Verdict.DOUBTFUL);
  }

  @Test
  @DisplayName("is the same when what it was told is told again, up to the end")
  void toldAgain() throws IOException {
    byte[] first = connect();
    byte[] one = accept(false, 7, 1, 2);
    byte[] two = accept(false, 8, 2, 3);
    byte[] second = connect();
    byte[] three = accept(false, 9, 3, 4);
    byte[] before = memo.session().save();
    for (byte[] memoAgain : new byte[][] {first, one, two, second, three}) {
      memo.remember(memoAgain, 1, 1);
    }
    assertThat(memo.session().save()).isEqualTo(before);
  }

  @Test
  @DisplayName("takes over what version 0.1 remembered, for what was under way then")
  void inherited() throws IOException {
    ByteBuffer head =
        ByteBuffer.allocate(4 * Long.BYTES).putLong(1).putLong(77).putLong(1).putLong(2);
    memo.restore(head.array());
    memo.remember(
        ByteBuffer.allocate(1 + 2 * Long.BYTES).put((byte) 0).putLong(chunk(78)).putLong(3).array(),
        1,
        1);
    assertThat(memo.hasChunk(77)).isTrue();
    assertThat(memo.hasChunk(chunk(78))).isTrue();
    memo.keep();
    memo = new SpoolMemo(dir, new Damages());
    connect();
    assertThat(again(1)).isEqualTo(Verdict.KNOWN);
    assertThat(again(3)).isEqualTo(Verdict.KNOWN);
    assertThat(again(4)).isNotEqualTo(Verdict.KNOWN);
    Verdict unknownBroker = memo.session().judge(1, Habit.REUSES, false).next(1, true, 1);
    assertThat(unknownBroker).isEqualTo(Verdict.DOUBTFUL);
  }

  @Test
  @DisplayName("forgets what version 0.1 remembered with the session it was of")
  void inheritedOfAnOldSession() {
    memo.remember(
        ByteBuffer.allocate(1 + 2 * Long.BYTES).put((byte) 0).putLong(78).putLong(3).array(), 1, 1);
    memo.remember(
        ByteBuffer.allocate(1 + 2 * Long.BYTES).put((byte) 1).putLong(79).putLong(4).array(), 1, 1);
    connect();
    assertThat(again(3)).isNotEqualTo(Verdict.KNOWN);
    assertThat(again(4)).isEqualTo(Verdict.KNOWN);
    accept(true, 80);
    connect();
    assertThat(again(4)).isNotEqualTo(Verdict.KNOWN);
  }

  /** Ids are random, and far from each other. */
  private static long chunk(long number) {
    return number << 32;
  }

  private byte[] connect() {
    return connect(1);
  }

  private byte[] connect(long session) {
    byte[] bytes =
        CommitMemo.ofConnection(
            memo.session().begin(new Beginning(session, new Moment(1, 0, 0), -1, true)));
    memo.remember(bytes, 1, 0);
    return bytes;
  }

  private byte[] accept(boolean newSession, long chunk, int... messages) {
    ChunkJudge judge = memo.session().judge(memo.session().connection(), Habit.UNKNOWN, newSession);
    for (int message : messages) {
      judge.next(message, false, message);
    }
    byte[] bytes = CommitMemo.ofChunk(chunk, judge.delta());
    memo.remember(bytes, 1, messages.length);
    return bytes;
  }

  private Verdict again(int message) {
    return memo.session()
        .judge(memo.session().connection(), Habit.UNKNOWN, false)
        .next(message, true, message);
  }
}
