package io.spillway.server.records;

import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.spillway.config.RouteConfig;
import io.spillway.topic.TopicCases;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A record as readers get it")
class RecordViewTest {
  private final RecordView view = new RecordView(List.of());

  @ParameterizedTest
  @DisplayName("has its members, a type and its offset")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":1} ~ {"a":1,"type":"measurement","_offset":120}
          {"type":"alert","a":1} ~ {"type":"alert","a":1,"_offset":120}
          {"type":"tour.availability.low"} ~ {"type":"tour.availability.low","_offset":120}
          {"type":7} ~ {"type":7,"type":"measurement","_offset":120}
          {"a":{"type":"x"}} ~ {"a":{"type":"x"},"type":"measurement","_offset":120}
          {"a":"type"} ~ {"a":"type","type":"measurement","_offset":120}
          {"t\\u0079pe":"alert"} ~ {"t\\u0079pe":"alert","_offset":120}
          {} ~ {"type":"measurement","_offset":120}
          ` { } ` ~ `{ "type":"measurement","_offset":120}`
          `{"a":1 } ` ~ `{"a":1 ,"type":"measurement","_offset":120}`
          """)
  void renders(String line, String expected) {
    assertThat(look(view, line, 120)).isTrue();
    assertThat(rendered(view)).isEqualTo(expected);
  }

  @Test
  @DisplayName("has no offset if it is of another host's journal")
  void foreign() {
    look(view, "{\"a\":1}", 0);
    assertThat(rendered(view)).isEqualTo("{\"a\":1,\"type\":\"measurement\"}");
    look(view, "{\"type\":\"x\"}", 0);
    assertThat(rendered(view)).isEqualTo("{\"type\":\"x\"}");
  }

  @ParameterizedTest
  @DisplayName("is not shown if it is no object")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {"[1]", "7", "``", "{", "`   `"})
  void noObject(String line) {
    assertThat(look(view, line, 1)).isFalse();
  }

  @ParameterizedTest(name = "{0} on {1}: {2}")
  @DisplayName("is chosen by type in singular or plural, by event type, by MQTT filter")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":1,"_topic":"pws/1/temp"} ~ measurements ~ true
          {"a":1,"_topic":"pws/1/temp"} ~ measurement ~ true
          {"a":1,"_topic":"pws/1/temp"} ~ all ~ true
          {"a":1,"_topic":"pws/1/temp"} ~ alerts ~ false
          {"a":1,"_topic":"pws/1/temp"} ~ pws/+/temp ~ true
          {"a":1,"_topic":"pws/1/temp"} ~ pws/+/wind ~ false
          {"a":1,"_topic":"kitchen"} ~ kitchen ~ true
          {"a":1} ~ # ~ false
          {"type":"alert"} ~ alerts ~ true
          {"type":"alerts"} ~ alert ~ true
          {"type":"alert"} ~ measurements ~ false
          {"type":"tour.availability.low"} ~ tour.availability.low ~ true
          {"type":"tour.availability.low"} ~ tour.availability ~ false
          """)
  void chosen(String line, String topic, boolean expected) {
    look(view, line, 1);
    assertThat(view.isIn(Selection.of(List.of(topic)))).isEqualTo(expected);
  }

  static Stream<Arguments> cases() {
    return TopicCases.of("chosen")
        .map(each -> arguments(each.getString(0), each.getJsonObject(1), each.getBoolean(2)));
  }

  @ParameterizedTest(name = "{0} for {1}: {2}")
  @DisplayName("is chosen by the same topics as in the pages")
  @MethodSource("cases")
  void chosenAsInPages(String topic, JsonObject record, boolean expected) {
    chosen(record.encode(), topic, expected);
  }

  @Test
  @DisplayName("gets topic and type of the route that takes it, if it has no type of its own")
  void routed() {
    RecordView routing = new RecordView(List.of(new RouteConfig("+/alarm/#", "alerts")));
    look(routing, "{\"a\":1,\"_topic\":\"k/alarm/x\"}", 5);
    assertThat(rendered(routing)).endsWith("\"type\":\"alert\",\"_offset\":5}");
    assertThat(routing.isIn(Selection.of(List.of("alerts")))).isTrue();
    assertThat(routing.isIn(Selection.of(List.of("measurements")))).isFalse();

    look(routing, "{\"type\":\"action\",\"_topic\":\"k/alarm/x\"}", 6);
    assertThat(rendered(routing)).endsWith("\"_topic\":\"k/alarm/x\",\"_offset\":6}");
    assertThat(routing.isIn(Selection.of(List.of("alerts")))).isTrue();
    assertThat(routing.isIn(Selection.of(List.of("actions")))).isTrue();

    look(routing, "{\"a\":1,\"_topic\":\"k/x\"}", 7);
    assertThat(rendered(routing)).endsWith("\"type\":\"measurement\",\"_offset\":7}");
  }

  @Test
  @DisplayName("is an event unless it is a measurement or a prediction")
  void events() {
    Selection events = Selection.of(List.of("events"));
    for (String type : List.of("tour.availability.low", "alert", "actions", "module", "events")) {
      look(view, "{\"type\":\"" + type + "\"}", 1);
      assertThat(view.isIn(events)).as(type).isTrue();
    }
    for (String type : List.of("measurement", "measurements", "prediction", "predictions")) {
      look(view, "{\"type\":\"" + type + "\"}", 1);
      assertThat(view.isIn(events)).as(type).isFalse();
    }
    for (String topic : List.of("k/x", "events")) {
      look(view, "{\"a\":1,\"_topic\":\"" + topic + "\"}", 1);
      assertThat(view.isIn(events)).as(topic).isFalse();
    }

    RecordView routing = new RecordView(List.of(new RouteConfig("tour/#", "tour.low")));
    look(routing, "{\"a\":1,\"_topic\":\"tour/a\"}", 2);
    assertThat(routing.topics()).containsExactly("tour.low", "events");
    assertThat(routing.type()).isEqualTo("tour.low");
  }

  @Test
  @DisplayName("is told by several topics at once, and by what is left of them")
  void selections() {
    look(view, "{\"type\":\"alert\"}", 1);
    Selection both = Selection.of(List.of("alerts", "a/b"));
    assertThat(view.isIn(both)).isTrue();
    assertThat(view.isIn(both.without(List.of("alerts")))).isFalse();
    assertThat(view.isIn(Selection.NONE.with(List.of("alert")))).isTrue();
    assertThat(view.isIn(Selection.NONE)).isFalse();
    assertThat(both.topics()).containsExactly("a/b", "alerts");
  }

  @ParameterizedTest
  @DisplayName("cannot be asked for by what is no topic")
  @CsvSource({"a/#/b", "a+", "''"})
  void wrong(String topic) {
    assertThat(Selection.problem(List.of(topic))).isPresent();
    assertThat(Selection.problem(List.of("measurements"))).isEmpty();
  }

  private static boolean look(RecordView view, String line, long offset) {
    byte[] bytes = utf8("xx" + line + "yy");
    return view.look(bytes, 2, bytes.length - 2, offset);
  }

  private static String rendered(RecordView view) {
    ByteBuf out = Unpooled.buffer();
    view.writeTo(out);
    assertThat(view.length()).isEqualTo(out.readableBytes());
    return out.toString(StandardCharsets.UTF_8);
  }
}
