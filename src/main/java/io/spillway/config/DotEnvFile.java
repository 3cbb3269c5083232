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
 * @param values what each name is set to, without quotes; the last of several wins
 * @param cuts per name whose value lost its end at an unquoted {@code #}, the line number
 */
record DotEnvFile(boolean present, Map<String, String> values, Map<String, Integer> cuts) {
  static final String NAME = ".env";
  static final DotEnvFile NONE = new DotEnvFile(false, Map.of(), Map.of());

  private static final Pattern ENTRY = Pattern.compile("\\s*([\\w.-]+)\\s*=\\s*(.*)");

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
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      Matcher entry = ENTRY.matcher(line);
      if (!entry.matches()) {
        throw new ConfigException(file + ":" + (i + 1) + ": " + malformed(line));
      }
      String value = entry.group(2);
      cuts.remove(entry.group(1));
      if (value.startsWith("\"")) {
        i = closingLine(file, lines, i, value.substring(1));
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
      return "starts with \"export\"; allowed: NAME=value";
    }
    return "is not NAME=value";
  }

  // A value in double quotes may go on over several lines.
  private static int closingLine(Path file, List<String> lines, int opened, String rest)
      throws ConfigException {
    int i = opened;
    for (String text = rest; text.indexOf('"') < 0; text = lines.get(i)) {
      if (++i == lines.size()) {
        throw new ConfigException(file + ":" + (opened + 1) + ": the quote is never closed");
      }
    }
    return i;
  }

  // " # comment" is a comment; "pws-packet/#" was meant as it stands.
  private static boolean isCut(String value) {
    int hash = value.indexOf('#');
    boolean quoted = value.startsWith("'");
    return !quoted && hash >= 0 && (hash == 0 || !Character.isWhitespace(value.charAt(hash - 1)));
  }

  private static String withoutSingleQuotes(String value) {
    int close = value.startsWith("'") ? value.indexOf('\'', 1) : -1;
    return close < 0 ? value : value.substring(1, close);
  }
}
