package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("docs/configuration.md")
class DocumentedKeysTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| `([^|]+)` \\| [^|]+ \\|");

  @TempDir Path dir;

  @Test
  @DisplayName("lists every key the program reads, with its type, bounds and default, and no other")
  void listsEveryKey() throws ConfigException, IOException {
    assertThat(documented()).containsExactlyInAnyOrderElementsOf(read());
  }

  private List<KeyRule> read() throws ConfigException, IOException {
    JsonObject all =
        new JsonObject(DesignExampleTest.EXAMPLE)
            .put("iaq", new JsonObject())
            .put("cluster", new JsonObject());
    JsonObject route = new JsonObject().put("filter", "#").put("topic", "alerts");
    all.getJsonObject("server").getJsonObject("live").put("routes", new JsonArray().add(route));
    all.getJsonObject("server").put("mqtt", new JsonObject());
    JsonObject column = new JsonObject().put("name", "co2").put("path", "values.co2");
    JsonObject postgres = new JsonObject().put("columns", new JsonArray().add(column));
    all.getJsonObject("sinks")
        .put("postgres", postgres)
        .put("influx", new JsonObject().put("database", "d"));
    Files.writeString(dir.resolve("all.json"), all.encode());
    ConfigLoader loader =
        ConfigLoader.open(Path.of("all.json"), dir, Map.of("INGEST_TOKEN", "long-enough"));
    loader.load();
    return loader.loading().rules();
  }

  private static List<KeyRule> documented() throws IOException {
    List<KeyRule> rows = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("docs/configuration.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.add(new KeyRule(row.group(1), row.group(2), row.group(3), row.group(4)));
      }
    }
    return rows;
  }
}
