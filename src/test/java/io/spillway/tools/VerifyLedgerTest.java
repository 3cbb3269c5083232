package io.spillway.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.journal.Damages;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.journal.LineStamp;
import io.spillway.journal.Memo;
import io.spillway.journal.RejectedLog;
import io.spillway.journal.State;
import io.spillway.journal.StateFile;
import io.spillway.kit.Damage;
import io.spillway.kit.Fifo;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.spillway.redelivery.ChunkJudge;
import io.spillway.redelivery.Habit;
import io.spillway.redelivery.SessionMemory;
import io.spillway.time.TimeSource;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@DisplayName("verify of a server and its edges")
class VerifyLedgerTest {
  private static final Path FIXTURE = Path.of("src/test/resources/fixtures/0.1");
  private static final String PI = "pi.3f9a";

  @TempDir private Path dir;
  private final StringWriter out = new StringWriter();
  private Path data;
  private Path spool;

  @BeforeEach
  void directories() throws IOException {
    data = Files.createDirectory(dir.resolve("data"));
    spool = Files.createDirectory(dir.resolve("spool"));
    state(spool.resolve("identity.json"), "{\"edge\":\"pi\",\"epoch\":\"3f9a\"}");
    position(1, 1);
    drops("");
  }

  @Test
  @DisplayName("proves numbers that are stored, set aside at either end, dropped, or wait")
  void proven() throws IOException {
    journal(records(1, 10) + records(13, 20));
    serverRejects(11, "{\"t\":0,\"_id\":\"pi.3f9a.11\"}");
    edgeRejects(12);
    drops("21,41");
    spool(41, 60);
    assertThat(ledger()).isZero();
    assertThat(out.toString())
        .contains("set aside 11-12: 1 × larger than the server takes; 1 × not a JSON object")
        .contains("dropped 21-40, as edge.spool.whenFull says", "proven: every number");
    assertThat(row()).containsExactly("pi", "3f9a", "60", "18", "2", "20", "20", "-", "-", "-");
  }

  @Test
  @DisplayName("takes what is noted as dropped for that, though a crash has left it in the spool")
  void droppedAndLeft() throws IOException {
    journal(records(1, 20));
    drops("21,41");
    spool(31, 60);
    assertThat(ledger()).as("%s", out).isZero();
    assertThat(out.toString()).contains("dropped 21-40, as edge.spool.whenFull says");
    assertThat(row()).containsExactly("pi", "3f9a", "60", "20", "-", "20", "20", "-", "-", "-");
  }

  @Test
  @DisplayName("tells what was dropped under way by what the server has")
  void droppedUnderWay() throws IOException {
    journal(records(1, 30));
    state(
        spool.resolve("dropped.json"),
        "{\"epochs\":{\"pi.3f9a\":{\"from\":1,\"ranges\":[21,41],\"undecided\":25,\"undecidedTo\":36}}}");
    spool(41, 60);
    assertThat(ledger()).as("%s", out).isZero();
    assertThat(out.toString())
        .contains("dropped 31-40, as", "of the dropped, 31-35 may have been under way");
  }

  @Test
  @DisplayName("takes what is stored and still in the spool for good, and says so")
  void storedAndHeld() throws IOException {
    journal(records(1, 30));
    spool(21, 40);
    assertThat(ledger()).isZero();
    assertThat(out.toString()).contains("10 of those stored are in the spool as well", "is fine");
  }

  @Test
  @DisplayName("names numbers under which spool and journal hold different records")
  void differentRecords() throws IOException {
    journal(
        records(1, 22)
            + records(23, 23).replace("\"t\":23", "\"t\":32")
            + records(24, 28)
            + records(29, 30).replace("\"a\"", "\"b\""));
    spool(21, 40);
    assertThat(ledger()).isOne();
    assertThat(out.toString())
        .contains(
            "pi.3f9a: 3 numbers hold different records in spool and journal: first 23",
            "7 of those stored are in the spool as well");
  }

  @Test
  @DisplayName("compares records of spool and journal by payload and topic, not by their stamps")
  void sameRecords() throws IOException {
    journal(records(1, 30).replace(",\"_id\"", ",\"_ts_src\":\"y\",\"_id\""));
    spool(21, 40);
    assertThat(ledger()).isZero();
  }

  @Test
  @DisplayName("takes a record that the server has completed for the one that came")
  void completedRecords() throws IOException {
    journal(
        records(1, 30).replace("{\"t\"", "{\"values\":{\"co2\":412},\"global_score\":87,\"t\""));
    spool(21, 40);
    assertThat(ledger()).as("%s", out).isZero();
    journal(records(1, 30).replace("{\"t\":30", "{\"global_score\":87,\"t\":33"));
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains("1 numbers hold different records", "first 30");
  }

  @Test
  @DisplayName("names a segment that was taken out of the spool as missing")
  void spoolSegmentGone() throws IOException {
    journal(records(1, 20));
    spool(21, 80);
    List<Path> segments = segments(spool);
    assertThat(segments).hasSizeGreaterThan(2);
    Files.delete(segments.get(1));
    assertThat(ledger()).isOne();
    long first = number(segments.get(1));
    long next = number(segments.get(2));
    assertThat(out.toString()).contains("pi.3f9a: missing %d-%d".formatted(first, next - 1));
  }

  @Test
  @DisplayName("names the end of a spool as missing of which only a small file tells")
  void spoolEndGone() throws IOException {
    journal(records(1, 20));
    position(21, 31);
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains("pi.3f9a: missing 21-30");
  }

  @Test
  @DisplayName("does not call proven a spool of which nothing says how far numbers were given out")
  void endUnknown() throws IOException {
    journal(records(1, 20));
    spool(21, 60);
    position(21, 61);
    Files.delete(spool.resolve("spool.ndjson"));
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains("pi.3f9a: missing ");
    Files.delete(spool.resolve("acknowledged"));
    assertThat(ledger()).isEqualTo(3);
    assertThat(out.toString()).contains("pi.3f9a: not checkable: how far numbers were given out");
    Files.writeString(spool.resolve("acknowledged"), "61");
    assertThat(ledger()).isEqualTo(3);
    Files.writeString(spool.resolve("acknowledged"), "zz");
    assertThat(ledger()).isOne();
    assertThat(out.toString())
        .contains(
            "acknowledged: damaged: ", "pi.3f9a: not checkable: how far numbers were given out");
  }

  @Test
  @DisplayName("does not call proven an edge of which neither a record nor its position is left")
  void allUnknown() throws IOException {
    journal("");
    Files.delete(spool.resolve("acknowledged"));
    assertThat(ledger()).isEqualTo(3);
    state(
        spool.resolve("acknowledged"),
        "{\"edge\":\"pi\",\"epoch\":\"other\",\"next\":1,\"end\":1}");
    assertThat(ledger()).isEqualTo(3);
    assertThat(out.toString()).contains("pi.3f9a: not checkable: how far numbers were given out");
  }

  @Test
  @DisplayName(
      "names what the server has acknowledged and does not have, though the spool holds it")
  void acknowledgedAndNotStored() throws IOException {
    journal(records(1, 10));
    spool(1, 30);
    position(16, 31);
    assertThat(ledger()).isOne();
    assertThat(out.toString())
        .contains("missing 11-15", "of the missing, 11-15 are in the spool still");
    assertThat(row()).containsExactly("pi", "3f9a", "30", "10", "-", "-", "15", "-", "-", "5");
  }

  @Test
  @DisplayName("counts what came in plain mode as there by its sender's word, and proves nothing")
  void plainMode() throws IOException {
    String claimed = records(11, 20).replace("_id", "_claimed_id");
    journal(records(1, 10) + claimed + claimed.lines().findFirst().orElseThrow() + "\n");
    spool(21, 30);
    assertThat(ledger()).isEqualTo(3);
    assertThat(out.toString())
        .contains("pi.3f9a: there by their sender's word 11-20: they came without acknowledgements")
        .contains("1 records came so more than once", "not everything could be checked")
        .doesNotContain("missing 1");
    assertThat(row()).containsExactly("pi", "3f9a", "30", "10", "-", "-", "10", "-", "-", "-");
    journal(records(1, 10) + records(11, 19).replace("_id", "_claimed_id"));
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains("missing 20");
  }

  @Test
  @DisplayName("says what retention has deleted, neither as loss nor as proven")
  void retention() throws IOException {
    closed(101, records(101, 150));
    journal(records(151, 200));
    state(data.resolve("ingest.state"), "{\"first\":151,\"next\":151}");
    state(data.resolve("ingest.deleted.json"), "{\"from\":1,\"below\":101}");
    spool(201, 210);
    assertThat(ledger()).isEqualTo(3);
    assertThat(out.toString())
        .contains("not checkable 1-100: deleted by retention", "not everything could be checked");
    assertThat(row()).containsExactly("pi", "3f9a", "210", "100", "-", "-", "10", "100", "-", "-");
  }

  @Test
  @DisplayName("takes what retention deleted for deleted, also where a file before could not be")
  void undeleted() throws IOException {
    closed(21, records(21, 40));
    closed(101, records(101, 150));
    journal(records(151, 200));
    state(data.resolve("ingest.state"), "{\"first\":151,\"next\":151}");
    state(data.resolve("ingest.deleted.json"), "{\"from\":1,\"below\":101}");
    spool(201, 210);
    assertThat(ledger()).isEqualTo(3);
    assertThat(out.toString())
        .contains("not checkable 1-20, 41-100: deleted by retention")
        .doesNotContain("missing 4", "in no segment");
    closed(121, records(121, 150));
    Files.delete(data.resolve(name(101)));
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains("missing 41-120", "offsets 101-120 of the journal");
  }

  @Test
  @DisplayName("takes for deleted what lay behind the very first file, which could not be")
  void firstUndeleted() throws IOException {
    closed(1, records(1, 20));
    closed(101, records(101, 150));
    journal("");
    state(data.resolve("ingest.state"), "{\"first\":151,\"next\":151}");
    state(data.resolve("ingest.deleted.json"), "{\"from\":1,\"below\":101}");
    spool(151, 160);
    assertThat(ledger()).isEqualTo(3);
    assertThat(out.toString())
        .contains("not checkable 21-100: deleted by retention")
        .doesNotContain("missing 2", "in no segment");
  }

  @Test
  @DisplayName("does not miss the head of a journal that goes on under another name")
  void namedAnew() throws IOException {
    closed(1, "{\"payload\":1}\n".repeat(50));
    Files.writeString(data.resolve("other.ndjson"), "{\"payload\":1}\n".repeat(50));
    state(data.resolve("other.state"), "{\"first\":51,\"next\":51}");
    state(data.resolve("other.deleted.json"), "{\"from\":51,\"below\":51}");
    assertThat(ledger()).isZero();
    Files.delete(data.resolve(name(1)));
    assertThat(ledger()).isEqualTo(3);
    assertThat(out.toString()).contains("offsets 1-50 of the journal are in no segment");
  }

  @Test
  @DisplayName("cannot tell what plain clients sent where nothing says why a head is gone")
  void plainHeadGone() throws IOException {
    closed(101, "{\"payload\":1}\n".repeat(50));
    journal("");
    state(data.resolve("ingest.state"), "{\"first\":151,\"next\":151}");
    state(data.resolve("ingest.deleted.json"), "{\"from\":101,\"below\":101}");
    assertThat(ledger()).isEqualTo(3);
    assertThat(out.toString()).contains("offsets 1-100 of the journal are in no segment");
  }

  @Test
  @DisplayName("does not call a spool proven whose files are of different times")
  void droppedBeyondTheSpool() throws IOException {
    journal(records(1, 10));
    spool(11, 20);
    drops("11,51");
    assertThat(ledger()).isEqualTo(3);
    assertThat(out.toString()).contains("pi.3f9a: not checkable: how far numbers were given out");
  }

  @Test
  @DisplayName(
      "does not take the head of a journal for deleted by a retention that deleted nothing")
  void headGone() throws IOException {
    closed(101, records(101, 150));
    journal(records(151, 200));
    state(data.resolve("ingest.state"), "{\"first\":151,\"next\":151}");
    state(data.resolve("ingest.deleted.json"), "{\"from\":1,\"below\":1}");
    spool(201, 210);
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains("missing 1-100", "offsets 1-100 of the journal are in no");
    Files.delete(data.resolve("ingest.deleted.json"));
    assertThat(ledger()).isEqualTo(3);
    assertThat(out.toString()).contains("not known 1-100");
  }

  @Test
  @DisplayName("names a segment that was taken out of the journal, by numbers and by offsets")
  void journalSegmentGone() throws IOException {
    closed(1, records(1, 50));
    closed(51, records(51, 100));
    closed(101, records(101, 150));
    journal("");
    state(data.resolve("ingest.state"), "{\"first\":151,\"next\":151}");
    spool(151, 160);
    Files.delete(data.resolve(name(51)));
    assertThat(ledger()).isOne();
    assertThat(out.toString())
        .contains("pi.3f9a: missing 51-100", "offsets 51-100 of the journal are in no segment");
  }

  @Test
  @DisplayName("takes a file for no segment that is named by a number which no record can have")
  void misnamed() throws IOException {
    journal(records(1, 20));
    spool(21, 30);
    for (String number : List.of("0".repeat(20), "9".repeat(20))) {
      Files.writeString(data.resolve("ingest-" + number + ".ndjson"), records(1, 1));
      Files.writeString(spool.resolve("spool-" + number + ".ndjson"), "{}\n");
    }
    assertThat(ledger()).as("%s", out).isZero();
  }

  @Test
  @DisplayName("does not call a spool proven that is of an earlier time than what the server has")
  void earlierSpool() throws IOException {
    journal(records(1, 40));
    spool(21, 30);
    position(21, 31);
    assertThat(ledger()).isEqualTo(3);
    assertThat(out.toString())
        .contains("pi.3f9a: the server knows 31-40, which this spool has not given out");
    journal(records(1, 20));
    state(data.resolve("marks.json"), "{\"offset\":21,\"marks\":{\"pi.3f9a\":36}}");
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains("pi.3f9a: the server knows 31-35", "missing 31-35");
  }

  @Test
  @DisplayName("names what an older epoch has lost at its end as missing, also when that is gone")
  void lostEnd() throws IOException {
    journal(records(1, 20));
    spool(21, 30);
    state(spool.resolve("ends.json"), "{\"ends\":{\"pi.3f9a\":{\"end\":41,\"certain\":true}}}");
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains("missing 31-40");
    assertThat(row()).containsExactly("pi", "3f9a", "40", "20", "-", "-", "10", "-", "-", "10");
  }

  @Test
  @DisplayName("does not call proven what a damaged file would have named")
  void quarantinedEnds() throws Exception {
    journal(records(1, 20));
    spool(21, 30);
    Files.createDirectories(spool.resolve("quarantine"));
    Files.writeString(spool.resolve("quarantine/ends.json-0-1"), "{");
    assertThat(ledger()).isEqualTo(3);
    assertThat(out.toString()).contains("quarantine/ends.json-0-1 was about: not checkable");
  }

  @Test
  @DisplayName("says of drops before they were noted that it does not know")
  void droppedUnnoted() throws IOException {
    Files.delete(spool.resolve("dropped.json"));
    journal(records(1, 20));
    spool(41, 60);
    assertThat(ledger()).isEqualTo(3);
    assertThat(out.toString()).contains("not known 21-40: nothing tells whether");
    assertThat(row()).containsExactly("pi", "3f9a", "60", "20", "-", "-", "20", "-", "20", "-");
  }

  @Test
  @DisplayName("counts nothing of a damaged commit as waiting, and checks the rest")
  void damagedCommit() throws IOException {
    spool(1, 60);
    Path second = segments(spool).get(1);
    byte[] bytes = Files.readAllBytes(second);
    bytes[bytes.length - 30] ^= 1;
    Files.write(second, bytes);
    journal("");
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains(second + ": commit ", "its checksum does not match");
    assertThat(row().subList(6, 10)).containsExactly("59", "-", "-", "1");
    bytes[0] ^= 1;
    bytes[1] ^= 1;
    Files.write(second, bytes);
    assertThat(ledger()).isOne();
    assertThat(row().subList(6, 10)).containsExactly("59", "-", "-", "1");
    bytes[200] ^= 64;
    Files.write(second, Arrays.copyOf(bytes, 400));
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains(second + ": ");
  }

  @Test
  @DisplayName("believes no small file with a wrong checksum, says so, and checks the rest")
  void damagedState() throws IOException {
    journal(records(1, 20));
    spool(21, 30);
    position(21, 901);
    Path file = spool.resolve("acknowledged");
    Files.writeString(file, Files.readString(file).replace("901", "951"));
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains(file + ": damaged: its checksum does not match");
    assertThat(row()).containsExactly("pi", "3f9a", "30", "20", "-", "-", "10", "-", "-", "-");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "spool/acknowledged, zz",
    "spool/acknowledged, ''",
    "spool/identity.json, zz",
    "spool/identity.json, {}",
    "spool/spool.state, zz",
    "spool/dropped.json, []",
    "spool/dropped.json, '{\"epochs\":{}}'",
    "data/ingest.state, ''",
    "data/ingest.deleted.json, zz",
    "data/marks.json, zz",
    "data/marks.json, '{\"offset\":1}'"
  })
  @DisplayName("names every small file that is damaged, as a fault")
  void damagedSmallFile(String name, String content) throws IOException {
    journal(records(1, 20));
    spool(21, 30);
    Path file = dir.resolve(name);
    Files.writeString(file, content);
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains(file + ": damaged: ").endsWith("FAULTY\n");
  }

  @Test
  @DisplayName("names a file whose checksum is right and whose content is none of an edge")
  void sealedNonsense() throws IOException {
    journal(records(1, 20));
    spool(21, 30);
    state(spool.resolve("dropped.json"), "{\"epochs\":{\"pi.3f9a\":{\"from\":1,\"ranges\":7}}}");
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains("dropped.json: damaged: does not say what it should");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data/ingest.ndjson",
        "data/marks.json",
        "data/rejected.ndjson",
        "spool/spool.ndjson",
        "spool/acknowledged",
        "spool/ends.json"
      })
  @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
  @DisplayName("waits for no FIFO in place of a file, and says what to do")
  void fifo(String name) throws Exception {
    journal(records(1, 20));
    spool(21, 30);
    Files.deleteIfExists(dir.resolve(name));
    Fifo.make(dir.resolve(name));
    assertThat(ledger()).isOne();
    assertThat(out.toString())
        .contains(dir.resolve(name) + ": is a FIFO, and a file is needed there: move it away");
  }

  @Test
  @DisplayName("takes the unfinished end of what is being written for no fault")
  void beingWritten() throws IOException {
    journal(records(1, 20) + "{\"t\":1,\"_id\":\"pi.3f");
    spool(21, 30);
    Path active = spool.resolve("spool.ndjson");
    Files.writeString(active, Files.readString(active) + "[\"chunk\",31,2,100,\"0000");
    assertThat(ledger()).isZero();
    assertThat(out.toString()).contains(active + ": ends in an unfinished line");
    Files.writeString(active, Files.readString(active) + "0000\",\"\"]\n{\"t\":1}\n");
    assertThat(ledger()).isZero();
    assertThat(out.toString()).contains(active + ": ends in an unfinished commit");
  }

  @Test
  @DisplayName("finds numbers that are stored twice or late")
  void twice() throws IOException {
    journal(records(1, 5) + records(4, 4) + records(7, 7) + records(6, 6));
    spool(8, 9);
    assertThat(ledger()).isOne();
    assertThat(out.toString())
        .contains("1 records are stored twice", "1 records are stored behind a higher number");
  }

  @Test
  @DisplayName("shows messages with one identifier and equal bytes, read on two connections")
  void suspectedDuplicates() throws IOException {
    journal("");
    try (Journal journal = openSpool()) {
      append(journal, memo(1, 0, 7, 11, 8, 12), "{\"a\":1}\n{\"a\":2}\n");
      append(journal, memo(1, 0, 7, 11), "{\"a\":1}\n"); // on the same connection it was new
      append(journal, memo(2, 0, 8, 12, 9, 13), "{\"a\":2}\n{\"a\":3}\n");
      append(journal, memo(3, 0, 9, 13, 10, 14), "{\"a\":4}\n"); // known, and left out
      append(journal, memo(4, 1, 10, 14), "{\"a\":4}\n"); // in another session
    }
    assertThat(ledger()).isZero();
    assertThat(out.toString()).contains("suspected duplicates: 1 records", "  pi.3f9a: 4 as 2");
  }

  @Test
  @DisplayName("takes the release of a message, which is no record, for no message")
  void suspectedDuplicatesBesideReleases() throws IOException {
    journal("");
    SessionMemory session = new SessionMemory();
    try (Journal journal = openSpool()) {
      ChunkJudge first = session.judge(1, Habit.UNKNOWN, true);
      first.next(7, false, 11);
      first.hold(9, false, 13);
      session.apply(first.delta());
      append(journal, memo(first.delta()), "{\"a\":1}\n{\"a\":2}\n");
      ChunkJudge second = session.judge(2, Habit.UNKNOWN, false);
      second.release(9);
      second.next(7, false, 11);
      second.next(8, false, 12);
      append(journal, memo(second.delta()), "{\"a\":1}\n{\"a\":1}\n");
      append(journal, memo(3, 0, 9, 13), "{\"a\":2}\n");
    }
    assertThat(ledger()).isZero();
    assertThat(out.toString())
        .contains("suspected duplicates: 2 records", "  pi.3f9a: 3 as 1", "  pi.3f9a: 5 as 2");
  }

  @Test
  @DisplayName("does not call an edge proven whose spool was not named")
  void otherEdge() throws IOException {
    journal(records(1, 20) + records(1, 5).replace("pi.", "roof."));
    spool(21, 30);
    assertThat(ledger()).isEqualTo(3);
    assertThat(out.toString()).contains("what waits in the spools of roof is not known");
    out.getBuffer().setLength(0);
    assertThat(run("--json", "--server", data.toString(), "--edge", spool.toString())).isEqualTo(3);
    JsonObject json = new JsonObject(out.toString());
    assertThat(json.getString("outcome")).isEqualTo("not_proven");
    assertThat(json.getJsonArray("epochs").getJsonObject(0).getJsonObject("waiting").encode())
        .isEqualTo("{\"count\":10,\"ranges\":[[21,30]]}");
  }

  @Test
  @DisplayName("reads what version 0.1 has left, and says what that cannot tell")
  void fixture() {
    int code =
        run("--server", FIXTURE.resolve("server") + "", "--edge", FIXTURE.resolve("edge") + "");
    assertThat(code).isEqualTo(3);
    assertThat(out.toString())
        .contains(
            "97 records in the spool have no packet identifiers", "cellar, porch is not known")
        .doesNotContain("missing 1", "not known 1");
    assertThat(row()).startsWith("attic", "b6a8b51d", "192", "100", "-", "-", "92");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  @DisplayName("comes to an end, and calls nothing proven, whatever is damaged by chance")
  void byChance(long seed) throws IOException {
    for (int round = 0; round < 25; round++) {
      Path server = copy(FIXTURE.resolve("server"), "server" + round);
      Path edge = copy(FIXTURE.resolve("edge"), "edge" + round);
      Path file = new Damage(100 * seed + round).any(server, edge);
      out.getBuffer().setLength(0);
      int code = run("--server", server.toString(), "--edge", edge.toString());
      assertThat(code).as("%s: %s", file, out).isIn(1, 3);
      assertThat(out.toString().strip())
          .as("%s", file)
          .endsWith(code == 1 ? "FAULTY" : "see above");
    }
  }

  private Path copy(Path from, String name) throws IOException {
    Path to = Files.createDirectory(dir.resolve(name));
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  @Test
  @DisplayName("changes nothing, and needs no right to")
  void readOnly() throws IOException {
    journal(records(1, 20));
    spool(21, 60);
    List<String> before = contents();
    assertThat(ledger()).isZero();
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  @DisplayName(
      "says of a server to which nothing has come yet that nothing is stored, and no fault")
  void nothingStoredYet() throws IOException {
    state(data.resolve("marks.json"), "{\"offset\":1,\"marks\":{},\"keys\":{}}");
    Files.writeString(data.resolve("journal.id"), "57fc5838d407");
    assertThat(ledger()).as("%s", out).isZero();
    assertThat(out.toString()).contains(data + ": nothing is stored here yet");
    assertThat(run("--server", data.toString())).isZero();
    position(4, 4);
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains("pi.3f9a: missing 1-3");
  }

  @Test
  @DisplayName("proves nothing without the spool of an edge that the server has nothing of yet")
  void knownEdge() throws IOException {
    state(data.resolve("marks.json"), "{\"offset\":1,\"marks\":{\"pi.3f9a\":1},\"keys\":{}}");
    assertThat(run("--server", data.toString())).isEqualTo(3);
    assertThat(out.toString()).contains("what waits in the spools of pi is not known");
    assertThat(ledger()).as("%s", out).isZero();
  }

  @Test
  @DisplayName("proves nothing of an epoch of which no spool tells, nor ends.json")
  void untoldEpoch() throws IOException {
    state(data.resolve("marks.json"), "{\"offset\":1,\"marks\":{\"pi.3f9a\":21},\"keys\":{}}");
    journal(records(1, 20));
    state(spool.resolve("identity.json"), "{\"edge\":\"pi\",\"epoch\":\"77aa\",\"next\":1}");
    String position = "{\"edge\":\"pi\",\"epoch\":\"77aa\",\"next\":1,\"end\":1,\"assured\":1}";
    state(spool.resolve("acknowledged"), position);
    assertThat(ledger()).as("%s", out).isEqualTo(3);
    assertThat(out.toString())
        .contains("no spool here, nor its ends.json, tells of pi.3f9a, which the server knows");
    state(spool.resolve("ends.json"), "{\"ends\":{\"pi.3f9a\":{\"end\":21,\"certain\":true}}}");
    assertThat(ledger()).as("%s", out).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--server", ""})
  @DisplayName("says the same of the journal alone and of the ledger where nothing has come yet")
  void freshEitherWay(String option) throws IOException {
    List<String> words = new ArrayList<>(List.of(option, data.toString()));
    words.remove("");
    assertThat(run(words.toArray(String[]::new))).isOne();
    assertThat(out.toString()).contains("no *.ndjson, nor marks.json; is it server.journal.dir?");
    state(data.resolve("marks.json"), "{\"offset\":1,\"marks\":{},\"keys\":{}}");
    assertThat(run(words.toArray(String[]::new))).as("%s", out).isZero();
    assertThat(out.toString()).contains(data + ": nothing is stored here yet");
    state(data.resolve("marks.json"), "{\"offset\":21,\"marks\":{},\"keys\":{}}");
    assertThat(run(words.toArray(String[]::new))).isOne();
    assertThat(out.toString()).contains("the journal is gone");
    assertThat(run(spool.toString())).as("nothing has come to it").isZero();
  }

  @Test
  @DisplayName("takes a directory whose journal is gone, or that is no server's, for a fault")
  void journalGone() throws IOException {
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains("no *.ndjson, nor marks.json; is it server.journal.dir?");
    state(data.resolve("marks.json"), "{\"offset\":21,\"marks\":{},\"keys\":{}}");
    assertThat(ledger()).isOne();
    assertThat(out.toString()).contains("the journal is gone", "marks.json counts 20 records");
  }

  @Test
  @DisplayName("says what to name where a file is named, or nothing that is there")
  void noDirectory() throws IOException {
    journal(records(1, 3));
    String file = data.resolve("ingest.ndjson").toString();
    assertThat(run("--server", file)).isEqualTo(2);
    assertThat(out.toString())
        .contains("--server " + file + ": is a file; name the directory that server.journal.dir");
    assertThat(run("--server", dir.resolve("nosuch").toString())).isEqualTo(2);
    assertThat(out.toString()).contains("nosuch: there is no such directory; name the directory");
    assertThat(run("--server", data.toString(), "--edge", file)).isEqualTo(2);
    assertThat(out.toString()).contains("is a file; name the directory that edge.spool.dir");
  }

  @Test
  @DisplayName("refuses --edge alone, and a directory beside --server, with exit code 2")
  void usage() {
    assertThat(run("--edge", spool.toString())).isEqualTo(2);
    assertThat(run("--server", data.toString(), spool.toString())).isEqualTo(2);
  }

  // --- directories

  private void journal(String lines) throws IOException {
    Files.writeString(data.resolve("ingest.ndjson"), lines);
  }

  private void closed(long first, String lines) throws IOException {
    Files.writeString(data.resolve(name(first)), lines);
  }

  private static String name(long first) {
    return "ingest-%020d.ndjson".formatted(first);
  }

  private static void state(Path file, String json) throws IOException {
    StateFile.write(file, json);
  }

  private void position(long acknowledged, long end) throws IOException {
    state(
        spool.resolve("acknowledged"),
        "{\"edge\":\"pi\",\"epoch\":\"3f9a\",\"next\":%d,\"end\":%d}".formatted(acknowledged, end));
  }

  private void drops(String ranges) throws IOException {
    state(
        spool.resolve("dropped.json"),
        "{\"epochs\":{\"pi.3f9a\":{\"from\":1,\"ranges\":[%s]}}}".formatted(ranges));
  }

  private void serverRejects(long seq, String record) throws IOException {
    byte[] bytes = record.getBytes(UTF_8);
    new RejectedLog(data)
        .append(List.of(new Rejected(PI + "." + seq, 0, "not a JSON object", bytes, bytes.length)));
  }

  private void edgeRejects(long seq) throws IOException {
    byte[] bytes = ("{\"_id\":\"" + PI + "." + seq + "\"}").getBytes(UTF_8);
    new RejectedLog(spool)
        .append(
            List.of(
                new Rejected(
                    PI + "." + seq, 0, "larger than the server takes", bytes, bytes.length)));
  }

  /** In segments of a few records. */
  private void spool(long first, long last) throws IOException {
    state(spool.resolve("spool.state"), "{\"first\":%d,\"next\":%d}".formatted(first, first));
    try (Journal journal = openSpool()) {
      for (long seq = first; seq <= last; seq++) {
        append(journal, new byte[0], "{\"t\":" + seq + "}\n");
      }
    }
  }

  private Journal openSpool() throws IOException {
    LineStamp stamp =
        (offset, line) ->
            line.put(
                (",\"_topic\":\"a\",\"_ts_src\":\"x\",\"_id\":\"" + PI + "." + offset + "\"")
                    .getBytes(UTF_8));
    JournalOptions options =
        JournalOptions.framed(spool, "spool").withSegments(1_000, Duration.ZERO);
    options = options.withStamp(stamp).withMemo(new NoMemo());
    return Journal.open(options, State.NONE, new Damages(), TimeSource.SYSTEM);
  }

  private static void append(Journal journal, byte[] memo, String lines) {
    int count = (int) lines.chars().filter(each -> each == '\n').count();
    journal.append(new Lines(lines.getBytes(UTF_8), count), memo).join();
  }

  /** Remembers nothing: what is written is looked at. */
  private static final class NoMemo implements Memo {
    @Override
    public void remember(byte[] memo, long firstOffset, int count) {}

    @Override
    public byte[] snapshot() {
      return new byte[0];
    }

    @Override
    public void restore(byte[] snapshot) {}
  }

  /** As the spool keeps it: a chunk read on {@code connection}, pairs of identifier and print. */
  private static byte[] memo(int connection, int newSession, int... pairs) {
    ChunkJudge judge = new SessionMemory().judge(connection, Habit.UNKNOWN, newSession == 1);
    for (int i = 0; i < pairs.length; i += 2) {
      judge.next(pairs[i], false, pairs[i + 1]);
    }
    return memo(judge.delta());
  }

  private static byte[] memo(byte[] delta) {
    return ByteBuffer.allocate(9 + delta.length).put((byte) 2).putLong(1).put(delta).array();
  }

  private static List<Path> segments(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.filter(file -> file.toString().matches(".*-[0-9]{20}.ndjson")).sorted().toList();
    }
  }

  private static long number(Path segment) {
    return Long.parseLong(segment.getFileName().toString().replaceAll("\\D", ""));
  }

  private static String records(long first, long last) {
    return LongStream.rangeClosed(first, last)
        .mapToObj(seq -> "{\"t\":" + seq + ",\"_topic\":\"a\",\"_id\":\"pi.3f9a." + seq + "\"}\n")
        .collect(Collectors.joining());
  }

  private List<String> contents() throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        all.add(file + " " + Files.getLastModifiedTime(file) + " " + Files.readString(file));
      }
    }
    return all;
  }

  // --- verify

  private int ledger() {
    out.getBuffer().setLength(0);
    return run("--server", data.toString(), "--edge", spool.toString());
  }

  private int run(String... arguments) {
    return new CommandLine(new Verify())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .execute(arguments);
  }

  /** The columns of the first edge. */
  private List<String> row() {
    List<String> lines = out.toString().lines().toList();
    int head = 0;
    while (!lines.get(head).startsWith("edge ")) {
      head++;
    }
    return Arrays.asList(lines.get(head + 1).trim().split(" +"));
  }
}
