package io.spillway.config;

import java.util.List;
import java.util.Set;

/** A number of each record in a column of its own. */
public record ColumnConfig(
    @Key(
            required = true,
            form = Form.COLUMN,
            meaning =
                "a column of type double precision; a new one is added, from then on it is filled")
        String name,
    @Key(
            required = true,
            form = Form.MEMBER_PATH,
            meaning =
                "where the number is in the record, such as `values.co2`; what is no number "
                    + "there is null")
        List<String> path)
    implements Checked {
  private static final Set<String> TAKEN =
      Set.of("id", "time", "topic", "type", "record", "journal", "journal_offset");

  public ColumnConfig {
    path = List.copyOf(path);
  }

  @Override
  public void check(Checks at) throws ConfigException {
    if (TAKEN.contains(name)) {
      throw at.wrong("name", Found.text(name) + ", which the table has", "another name");
    }
  }
}
