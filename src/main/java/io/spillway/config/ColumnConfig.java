package io.spillway.config;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A number of each record in a column of its own.
 *
 * @param name of the column
 * @param path names of the members that lead to the number, outermost first
 */
public record ColumnConfig(String name, List<String> path) {
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
  private static final Pattern PATH = Pattern.compile("[^.\\p{Cntrl}]{1,256}(\\.[^.]{1,256}){0,7}");
  private static final String NAME_ALLOWED = "1..63 of a-z 0-9 _, not first a digit";
  private static final Set<String> TAKEN =
      Set.of("id", "time", "topic", "type", "record", "journal", "journal_offset");

  public ColumnConfig {
    path = List.copyOf(path);
  }

  static ColumnConfig from(Section section) throws ConfigException {
    String name = section.requiredText("name", NAME, NAME_ALLOWED);
    if (TAKEN.contains(name)) {
      throw section.wrong("name", Section.found(name) + ", which the table has", "another name");
    }
    String path = section.requiredText("path", PATH, "1..8 names of members, joined by dots");
    section.rejectUnknownKeys();
    return new ColumnConfig(name, List.of(path.split("\\.", -1)));
  }
}
