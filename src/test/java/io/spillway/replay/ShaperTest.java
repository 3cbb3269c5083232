package io.spillway.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.message.Rejected;
import io.spillway.replay.Shaped.Fate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What becomes of a line")
class ShaperTest {
  private static final String NOW = "2026-11-27T12:00:00.000Z";
  private static final String TIME = "2026-11-25T20:53:45.050Z";
  private static final long AT_MS = 1_795_640_025_050L;
  private static final String STAMPS =
      "\"_topic\":\"attic/a\",\"_ts_src\":\"" + TIME + "\",\"_retained\":false";

  private static Shaped shape(Shaper shaper, String line) {
    byte[] bytes = (">" + line + "\n").getBytes(UTF_8);
    return shaper.shape(17, bytes, 1, bytes.length - 1);
  }

  private static String text(Shaped shaped) {
    assertThat(shaped.fate()).as(shaped.why()).isEqualTo(Fate.SENT);
    return new String(shaped.line().bytes(), UTF_8);
  }

  private static String rejected(String topic, String payload) {
    return rejected(topic, payload, payload.getBytes(UTF_8).length);
  }

  private static String rejected(String topic, String payload, long size) {
    byte[] bytes = payload.getBytes(UTF_8);
    return new String(new Rejected(topic, AT_MS, "why", bytes, size).toLine(), UTF_8).strip();
  }

  @Nested
  @DisplayName("that goes to a server")
  class ToServer {
    private final Shaper all = Shaper.forServer(Choice.ALL, "replay.3f9a1c2e", NOW);
    private final Shaper wrapping =
        Shaper.forServer(new Choice(1, Long.MAX_VALUE, null, true), "replay.3f9a1c2e", NOW);

    @Test
    @DisplayName("is its members as they were, what it was called, and its new name at the end")
    void record() {
      String line = "{\"t\": 21.50,\"x\":[1, {\"_id\":\"in\"}]," + STAMPS + ",\"_id\":\"a.b.7\"}";

      assertThat(text(shape(all, line)))
          .isEqualTo(
              "{\"t\": 21.50,\"x\":[1, {\"_id\":\"in\"}],"
                  + STAMPS
                  + ",\"_claimed_id\":\"a.b.7\",\"_id\":\"replay.3f9a1c2e.17\"}");
    }

    @Test
    @DisplayName("keeps one former name: the last, or the one that it claimed")
    void formerNames() {
      assertThat(text(shape(all, "{\"_claimed_id\":\"x.y.1\",\"_id\":\"a.b.7\",\"_ts_src\":1}")))
          .isEqualTo("{\"_claimed_id\":\"a.b.7\",\"_ts_src\":1,\"_id\":\"replay.3f9a1c2e.17\"}");
      assertThat(text(shape(all, "{\"_claimed_id\":\"x.y.1\",\"_ts_src\":1}")))
          .isEqualTo("{\"_claimed_id\":\"x.y.1\",\"_ts_src\":1,\"_id\":\"replay.3f9a1c2e.17\"}");
      assertThat(text(shape(all, "{\"_id\":1,\"_ts_src\":1,\"_id\":\"a.b.7\"}")))
          .isEqualTo("{\"_ts_src\":1,\"_claimed_id\":\"a.b.7\",\"_id\":\"replay.3f9a1c2e.17\"}");
    }

    @Test
    @DisplayName("gets the time at which it is sent, where it has none")
    void time() {
      assertThat(text(shape(all, "{}")))
          .isEqualTo("{\"_ts_src\":\"" + NOW + "\",\"_id\":\"replay.3f9a1c2e.17\"}");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"level\":3,\"_id\":\"iaq.88.alert\"}",
          "{\"level\":3,\"_by\":\"notify\",\"_id\":\"a.b.7\"}"
        })
    @DisplayName("is left out if a server has written it itself")
    void ofServer(String line) {
      assertThat(shape(all, line).fate()).isEqualTo(Fate.OF_SERVER);
    }

    @ParameterizedTest
    @CsvSource(
        delimiterString = " | ",
        value = {
          "' ' | is empty",
          "'[1,2]' | not a JSON object",
          "'{\"a\":' | not valid JSON",
          "'{\"a\":1}x' | x is no JSON value",
        })
    @DisplayName("stays, with the reason, if it is no record")
    void unfit(String line, String why) {
      assertThat(shape(all, line).why()).contains(why);
      assertThat(shape(all, line).fate()).isEqualTo(Fate.UNFIT);
    }

    @Test
    @DisplayName("is what an edge makes of what was rejected, if it makes something of it now")
    void mended() {
      String line = rejected("attic/a", "{\"t\":21.5}");

      assertThat(text(shape(all, line)))
          .isEqualTo("{\"t\":21.5," + STAMPS + ",\"_id\":\"replay.3f9a1c2e.17\"}");
    }

    @Test
    @DisplayName("is a wrapped value only where that is wanted")
    void bareValue() {
      String line = rejected("attic/a", "21.5");

      assertThat(shape(all, line).why()).contains("a bare value");
      assertThat(text(shape(wrapping, line)))
          .isEqualTo("{\"value\":21.5," + STAMPS + ",\"_id\":\"replay.3f9a1c2e.17\"}");
    }

    @Test
    @DisplayName("stays if it was rejected and would be again, is cut, or is several records")
    void notMended() {
      assertThat(shape(all, rejected("attic/a", "{\"t\":")).why()).contains("not valid JSON");
      assertThat(shape(all, rejected("attic/a", "{\"t\":1}", 5_000)).why())
          .isEqualTo("of its 5,000 bytes 7 were kept");
      assertThat(shape(all, rejected("attic/a", "[{\"t\":1},{\"t\":2}]")).why())
          .isEqualTo("it becomes 2 records, and has one number");
      String damaged = rejected("attic/a", "{\"t\":1}").replaceFirst("\"payload\":\"", "$0!");
      assertThat(shape(all, damaged).why()).isEqualTo("its bytes cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attic.3f9a1c2e.7", "attic.3f9a1c2e", "57fc5838d407.512"})
    @DisplayName("is a record that was set aside, by whichever name")
    void setAside(String topic) {
      String record = "{\"t\":1," + STAMPS + ",\"_id\":\"attic.3f9a1c2e.7\"}";

      assertThat(text(shape(all, rejected(topic, record))))
          .isEqualTo(
              "{\"t\":1,"
                  + STAMPS
                  + ",\"_claimed_id\":\"attic.3f9a1c2e.7\",\"_id\":\"replay.3f9a1c2e.17\"}");
    }

    @Test
    @DisplayName("has no topic if it came from a client, whose address stands in its place")
    void ofClient() {
      assertThat(text(shape(all, rejected("127.0.0.1:36026", "{\"t\":1}"))))
          .isEqualTo("{\"t\":1,\"_ts_src\":\"" + NOW + "\",\"_id\":\"replay.3f9a1c2e.17\"}");
      assertThat(shape(wrapping, rejected("[::1]:36026", "no JSON")).fate()).isEqualTo(Fate.UNFIT);
    }

    @Test
    @DisplayName("is a record like another, if it only looks as if it had been rejected")
    void looksRejected() {
      String line = "{\"topic\":\"a\",\"time\":\"" + TIME + "\",\"payload\":\"x\"," + STAMPS + "}";

      assertThat(text(shape(all, line))).contains("\"payload\":\"x\"," + STAMPS);
    }

    @Test
    @DisplayName("is chosen by the topic that it came on")
    void chosen() {
      Shaper some = Shaper.forServer(new Choice(1, 99, "attic/+", false), "replay.3f9a1c2e", NOW);

      assertThat(shape(some, "{" + STAMPS + "}").isSent()).isTrue();
      assertThat(shape(some, rejected("attic/b", "{\"t\":1}")).isSent()).isTrue();
      assertThat(shape(some, rejected("cellar/b", "{\"t\":1}")).fate()).isEqualTo(Fate.NOT_CHOSEN);
      assertThat(shape(some, rejected("cellar/b", "{", 9)).fate()).isEqualTo(Fate.NOT_CHOSEN);
      assertThat(shape(some, "{\"t\":1}").fate()).isEqualTo(Fate.NOT_CHOSEN);
    }
  }

  @Nested
  @DisplayName("that goes to a broker")
  class ToBroker {
    private final Shaper original =
        Shaper.forBroker(Choice.ALL, TopicTemplate.of(TopicTemplate.ORIGINAL));
    private final Shaper beside = Shaper.forBroker(Choice.ALL, TopicTemplate.of("again/{topic}"));
    private final Shaper fixed = Shaper.forBroker(Choice.ALL, TopicTemplate.of("again"));

    @Test
    @DisplayName("is the payload without what edge and server have added, on the topic it came on")
    void record() {
      Shaped shaped =
          shape(original, "{\"t\": 21.50," + STAMPS + ",\"_claimed_id\":\"x\",\"_id\":\"a.b.7\"}");

      assertThat(text(shaped)).isEqualTo("{\"t\": 21.50}");
      assertThat(shaped.line().topic()).isEqualTo("attic/a");
      assertThat(shaped.line().number()).isEqualTo(17);
    }

    @Test
    @DisplayName("is, of what was rejected, the bytes as they came")
    void rejectedBytes() {
      Shaped shaped = shape(beside, rejected("attic/a", "21.5 degrees"));

      assertThat(text(shaped)).isEqualTo("21.5 degrees");
      assertThat(shaped.line().topic()).isEqualTo("again/attic/a");
      assertThat(shape(beside, rejected("attic/a", "21", 300)).why()).contains("were kept");
    }

    @Test
    @DisplayName("stays if there is no topic for it")
    void noTopic() {
      assertThat(shape(beside, "{\"t\":1}").why()).contains("no topic", "--to-topic");
      assertThat(shape(original, rejected("a/+/b", "1")).why()).contains("no topic");
      assertThat(shape(fixed, "{\"t\":1}").line().topic()).isEqualTo("again");
    }
  }
}
