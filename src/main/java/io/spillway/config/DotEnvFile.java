package io.spillway.config;

import io.github.cdimascio.dotenv.Dotenv;
import io.github.cdimascio.dotenv.DotenvEntry;
import io.github.cdimascio.dotenv.DotenvException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code .env} of the working directory. dotenv-java reads the values; the raw lines are looked
 * at too, because it neither says which line is malformed nor that a {@code #} cut a value short.
 *
 * @param present whether there is such a file
 * @param values what each name is set to, without quotes
 * @param cuts per name whose value lost its end at an unquoted {@code #}, the line number
 */
record DotEnvFile(boolean present, Map<String, String> values, Map<String, Integer> cuts) {
  static final String NAME = ".env";
  static final DotEnvFile NONE = new DotEnvFile(false, Map.of(), Map.of());

  private static final Pattern ENTRY = Pattern.compile("\\s*([A-Za-z_][\\w.]*)\\s*=\\s*(.*)");
  private static final Pattern BEHIND_QUOTE = Pattern.compile("\\s*(#.*)?");

  /** Nothing set if there is no such file. */
  static DotEnvFile in(Path directory) throws ConfigException {
    Path file = directory.resolve(NAME);
    if (!Files.exists(file)) {
      return NONE;
    }
    if (Files.isDirectory(file)) {
      throw new ConfigException(file + ": is a directory; allowed: a file of NAME=value lines");
    }
    Map<String, Integer> cuts = scan(file, ConfFile.text(file).lines().toList());
    return new DotEnvFile(true, load(file), Map.copyOf(cuts));
  }

  private static Map<String, String> load(Path file) throws ConfigException {
    try {
      Map<String, String> values = new HashMap<>();
      Path directory = file.toAbsolutePath().getParent();
      Dotenv dotenv = Dotenv.configure().directory(directory.toString()).filename(NAME).load();
      for (DotenvEntry entry : dotenv.entries(Dotenv.Filter.DECLARED_IN_ENV_FILE)) {
        values.put(entry.getKey(), withoutSingleQuotes(entry.getValue()));
      }
      return Map.copyOf(values);
    } catch (DotenvException error) {
      // No cause and no text of it: it quotes the line, which may hold a token.
      throw new ConfigException(file + ": cannot be understood; allowed: NAME=value lines");
    }
  }

  /** Which names were cut at a {@code #}; a line that dotenv-java cannot read is refused here. */
  private static Map<String, Integer> scan(Path file, List<String> lines) throws ConfigException {
    Map<String, Integer> cuts = new HashMap<>();
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      Matcher entry = ENTRY.matcher(line);
      if (!entry.matches()) {
        throw wrong(file, i, malformed(line));
      }
      Integer before = first.putIfAbsent(entry.group(1), i + 1);
      if (before != null) {
        throw wrong(file, i, "this name a second time, first in line " + before + "; keep one");
      }
      String value = entry.group(2);
      if (value.startsWith("\"")) {
        i = closingLine(file, lines, i, value.substring(1));
      } else if (value.startsWith("'")) {
        checkClosed(file, i, value.substring(1), '\'');
      } else if (isCut(value)) {
        cuts.put(entry.group(1), i + 1);
      }
    }
    return cuts;
  }

  private static String malformed(String line) {
    if (line.startsWith("\uFEFF")) {
      return "starts with a byte order mark; save the file as UTF-8 without BOM";
    }
    if (line.stripLeading().startsWith("export ")) {
      return "starts with \"export\"; remove that word, and leave NAME=value";
    }
    if (line.matches("\\s*[\\w.-]+\\s*=.*")) {
      return "a name is of A-Z a-z 0-9 _ and does not begin with a digit";
    }
    return "is not NAME=value";
  }

  /** Refuses what dotenv-java drops with the whole line. */
  private static void checkClosed(Path file, int index, String text, char quote)
      throws ConfigException {
    int close = text.indexOf(quote);
    if (close < 0) {
      throw wrong(file, index, "the quote is never closed");
    }
    if (!BEHIND_QUOTE.matcher(text.substring(close + 1)).matches()) {
      throw wrong(
          file, index, "text behind the closing quote; remove it, or put # in front of a comment");
    }
  }

  private static ConfigException wrong(Path file, int index, String what) {
    return new ConfigException(file + ":" + (index + 1) + ": " + what);
  }

  // A value in double quotes may go on over several lines.
  private static int closingLine(Path file, List<String> lines, int opened, String rest)
      throws ConfigException {
    int i = opened;
    String text = rest;
    while (text.indexOf('"') < 0) {
      if (++i == lines.size()) {
        throw wrong(file, opened, "the quote is never closed");
      }
      text = lines.get(i);
    }
    checkClosed(file, i, text, '"');
    return i;
  }

  // " # comment" is a comment; "pws-packet/#" was meant as it stands.
  private static boolean isCut(String value) {
    int hash = value.indexOf('#');
    return hash >= 0 && (hash == 0 || !Character.isWhitespace(value.charAt(hash - 1)));
  }

  private static String withoutSingleQuotes(String value) {
    int close = value.startsWith("'") ? value.indexOf('\'', 1) : -1;
    return close < 0 ? value : value.substring(1, close);
  }
}
