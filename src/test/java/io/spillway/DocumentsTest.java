package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The documents")
class DocumentsTest {
  private static final Path SOURCES = Path.of("src/main/java/io/spillway");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```");

  /** {@code server/auth/TokenAuthenticator} or {@code journal/Writer.commit}, in backticks. */
  private static final Pattern CLASS =
      Pattern.compile("`([a-z]+(?:/[a-z]+)*/[A-Z]\\w*)(?:\\.(\\w+))?`");

  private static final int README_WORDS_MAX = 1300;

  @Test
  @DisplayName("lead to files and headings that are there")
  void links() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      String text = CODE_BLOCK.matcher(Files.readString(page)).replaceAll("");
      Matcher link = LINK.matcher(text);
      while (link.find()) {
        String target = link.group(1);
        if (!target.contains("://") && !leads(page, target)) {
          broken.add(page + " → " + target);
        }
      }
    }

    assertThat(broken).isEmpty();
  }

  @Test
  @DisplayName("name classes and methods that are there")
  void classes() throws IOException {
    List<String> unknown = new ArrayList<>();
    for (Path page : pages()) {
      Matcher name = CLASS.matcher(Files.readString(page));
      while (name.find()) {
        Path file = SOURCES.resolve(name.group(1) + ".java");
        if (!Files.exists(file) || (name.group(2) != null && !has(file, name.group(2)))) {
          unknown.add(page + ": " + name.group());
        }
      }
    }

    assertThat(unknown).isEmpty();
  }

  @Test
  @DisplayName("have all packages of the code in ARCHITECTURE.md")
  void packages() throws IOException {
    String text = Files.readString(Path.of("ARCHITECTURE.md"));
    try (Stream<Path> entries = Files.list(SOURCES)) {
      assertThat(entries.filter(Files::isDirectory).map(dir -> " " + dir.getFileName() + "/"))
          .allSatisfy(name -> assertThat(text).contains(name));
    }
  }

  @Test
  @DisplayName("list every decision")
  void decisions() throws IOException {
    Path dir = Path.of("docs/adr");
    String list = Files.readString(dir.resolve("README.md"));
    try (Stream<Path> records = Files.list(dir)) {
      assertThat(records.map(each -> each.getFileName().toString()))
          .filteredOn(name -> !name.equals("README.md"))
          .isNotEmpty()
          .allSatisfy(name -> assertThat(list).contains("](" + name + ")"));
    }
  }

  @Test
  @DisplayName("begin with a README that is read in five minutes")
  void readme() throws IOException {
    String text = Files.readString(Path.of("README.md"));

    assertThat(text.split("\\s+")).hasSizeLessThanOrEqualTo(README_WORDS_MAX);
  }

  private static boolean leads(Path page, String target) throws IOException {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
  }

  private static List<String> anchors(Path file) throws IOException {
    return HEADING
        .matcher(CODE_BLOCK.matcher(Files.readString(file)).replaceAll(""))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  // A declaration: a modifier or a type stands before the name.
  private static boolean has(Path file, String member) throws IOException {
    return Pattern.compile("(?m)^ +(?!return |new )[\\w<>\\[\\],.? ]+ " + member + "\\(")
        .matcher(Files.readString(file))
        .find();
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (Path dir : List.of(Path.of(""), Path.of("docs"), Path.of("docs/adr"), Path.of("deploy"))) {
      try (Stream<Path> entries = Files.list(dir)) {
        entries.filter(entry -> entry.toString().endsWith(".md")).forEach(pages::add);
      }
    }
    return pages;
  }
}
