package io.spillway.topic;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The table of cases that the test of the pages' matcher reads, too. */
public final class TopicCases {
  private TopicCases() {}

  /** The rows of one part of the table. */
  public static Stream<JsonArray> of(String part) {
    try (InputStream file = TopicCases.class.getResourceAsStream("/topic-filters.json")) {
      byte[] text = Objects.requireNonNull(file).readAllBytes();
      JsonObject table = new JsonObject(new String(text, StandardCharsets.UTF_8));
      return table.getJsonArray(part).stream().map(JsonArray.class::cast);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rows of two texts and whether they fit. */
  static Stream<Arguments> pairs(String part) {
    return of(part)
        .map(each -> arguments(each.getString(0), each.getString(1), each.getBoolean(2)));
  }
}
