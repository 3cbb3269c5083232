package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("docs/configuration.md")
class DocumentedKeysTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| `([^|]+)` \\| [^|]+ \\|");

  @Test
  @DisplayName("lists every key the program reads, with its type, bounds and default, and no other")
  void listsEveryKey() throws IOException {
    List<List<String>> read =
        ConfigDocs.rows().stream()
            .map(row -> List.of(row.path(), row.type(), row.allowed(), row.byDefault()))
            .toList();

    assertThat(documented()).containsExactlyElementsOf(read);
  }

  @Test
  @DisplayName("is what the annotations of the keys say; if not, run: make docs")
  void isGenerated() throws IOException {
    String page = Files.readString(ConfigDocs.DOCS);

    assertThat(page).isEqualTo(ConfigDocs.docs(page));
  }

  @Test
  @DisplayName("goes with a schema that says the same; if not, run: make docs")
  void schemaIsGenerated() throws IOException {
    assertThat(Files.readString(ConfigDocs.SCHEMA)).isEqualTo(ConfigSchema.text());
  }

  private static List<List<String>> documented() throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("docs/configuration.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.add(List.of(row.group(1), row.group(2), row.group(3), row.group(4)));
      }
    }
    return rows;
  }
}
