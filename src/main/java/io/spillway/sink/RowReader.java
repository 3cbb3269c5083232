package io.spillway.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.spillway.message.Lines;
import io.spillway.message.RecordTime;
import io.spillway.sink.Destination.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;

/** Takes records apart for a table; for one thread at a time. */
final class RowReader {
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();
  private static final String DEFAULT_TYPE = "measurement";

  /** Records taken apart for a table, column by column. */
  static final class Rows {
    final String[] ids;
    final OffsetDateTime[] times;
    final String[] topics;
    final String[] types;
    final String[] records;

    /** Column, then row; null where a record has no such number. */
    final Double[][] numbers;

    Rows(int count, int columns) {
      ids = new String[count];
      times = new OffsetDateTime[count];
      topics = new String[count];
      types = new String[count];
      records = new String[count];
      numbers = new Double[columns][count];
    }
  }

  private final String journal;
  private final ColumnPaths members;
  private final int columns;
  private OffsetDateTime own;
  private OffsetDateTime received;

  /**
   * @param journal for the ids of records that have none
   * @param paths where the numbers are, by column
   */
  RowReader(String journal, List<List<String>> paths) {
    this.journal = journal;
    this.members = ColumnPaths.of(paths);
    this.columns = paths.size();
  }

  /**
   * The rows of a batch.
   *
   * @param nowMs the time of a record that tells none, in milliseconds since 1970
   * @throws Refused if a line is not a JSON object
   */
  Rows read(SinkBatch batch, long nowMs) throws Refused {
    Lines lines = batch.lines();
    Rows rows = new Rows(lines.count(), columns);
    int start = lines.from();
    for (int row = 0; row < lines.count(); row++) {
      int end = lines.endOfLine(start);
      try {
        row(rows, row, lines.array(), start, end - 1);
      } catch (IOException notJson) {
        throw new Refused("not a JSON object");
      }
      rows.ids[row] = rows.ids[row] != null ? rows.ids[row] : journal + "." + (batch.first() + row);
      rows.times[row] = own != null ? own : received != null ? received : RecordTime.ofMs(nowMs);
      start = end;
    }
    return rows;
  }

  private void row(Rows rows, int row, byte[] bytes, int from, int to) throws IOException {
    own = null;
    received = null;
    rows.types[row] = DEFAULT_TYPE;
    rows.records[row] = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    try (JsonParser parser = JSON.createParser(bytes, from, to - from)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        member(rows, row, parser, name, value);
        number(rows, row, parser, members.at(name), value);
      }
      if (parser.nextToken() != null) {
        throw new IOException("more than one value");
      }
    }
  }

  private void member(Rows rows, int row, JsonParser parser, String name, JsonToken value)
      throws IOException {
    boolean text = value == JsonToken.VALUE_STRING;
    switch (name) {
      case "_id" -> rows.ids[row] = text ? parser.getText() : null;
      case "_topic" -> rows.topics[row] = text ? parser.getText() : null;
      case "type" -> rows.types[row] = text ? parser.getText() : DEFAULT_TYPE;
      case "_ts_src" -> received = text ? RecordTime.of(parser.getText()) : null;
      case "timestamp" -> own = RecordTime.of(parser);
      default -> {
        // In the column of the whole record.
      }
    }
  }

  /** Takes the number, or those further inside; whatever it is, the parser is at its end then. */
  private void number(Rows rows, int row, JsonParser parser, ColumnPaths at, JsonToken value)
      throws IOException {
    if (at == null || value != JsonToken.START_OBJECT) {
      if (at != null && at.isColumn() && value.isNumeric()) {
        double number = parser.getDoubleValue();
        rows.numbers[at.column()][row] = Double.isFinite(number) ? number : null;
      }
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      number(rows, row, parser, at.at(name), parser.nextToken());
    }
  }
}
