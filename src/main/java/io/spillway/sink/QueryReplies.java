package io.spillway.sink;

import io.spillway.bus.NewestRecords;
import io.spillway.bus.NewestRecords.Found;
import io.spillway.bus.NewestRequest;
import io.spillway.bus.Records;
import io.spillway.bus.TableRequest;
import io.spillway.message.Lines;
import io.spillway.message.RecordKey;
import io.vertx.sqlclient.Row;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes replies of the rows that {@link RecordQueries} give. */
final class QueryReplies {
  private QueryReplies() {}

  /**
   * Only records without a hole between them: whoever asks for what comes behind it is told then.
   */
  static Records records(TableRequest request, Iterable<Row> rows) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    long oldest = 0;
    long end = 0;
    long first = 0;
    int count = 0;
    for (Row row : rows) {
      oldest = row.getLong(0);
      end = row.getLong(1);
      Long offset = row.getLong(2);
      if (offset == null || (count > 0 && offset != first + count)) {
        break;
      }
      first = count == 0 ? offset : first;
      lines.writeBytes(row.getString(3).getBytes(StandardCharsets.UTF_8));
      lines.write('\n');
      count++;
    }
    return new Records(
        request.journal(),
        count == 0 ? Math.max(request.range().from(), end) : first,
        count == 0 ? Lines.NONE : new Lines(lines.toByteArray(), count),
        oldest,
        end);
  }

  static NewestRecords newest(NewestRequest request, Iterable<Row> rows) {
    List<Found> found = new ArrayList<>();
    long next = 0;
    long all = 0;
    for (Row row : rows) {
      next = row.getLong(0);
      if (row.getLong(1) == null) {
        break;
      }
      all = row.getLong(1);
      RecordKey key = RecordKey.of(row.getOffsetDateTime(2), row.getString(3));
      Long offset = row.getLong(4);
      byte[] json = row.getString(5).getBytes(StandardCharsets.UTF_8);
      found.add(new Found(key, offset == null ? 0 : offset, json));
    }
    return new NewestRecords(next, found, all >= request.maxRecords() || all > found.size());
  }
}
