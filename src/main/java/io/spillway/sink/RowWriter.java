package io.spillway.sink;

import io.spillway.sink.RowReader.Rows;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;

/**
 * Puts the rows of one journal into the table, or tries whether they would be taken. Everything is
 * done on the connection that is given, and not on the one of now: what is late belongs to the one
 * it was begun on.
 */
final class RowWriter {
  /** Makes of the id of a record that is there one that is not. */
  private static final String TRIED = "/tried";

  /** The least that PostgreSQL tells apart: a microsecond. */
  private static final int TRIED_NANOS_LATER = 1_000;

  /** A deferred constraint is looked at by COMMIT, to which a trial does not come. */
  private static final String BEGIN_TRIAL = "BEGIN; SET CONSTRAINTS ALL IMMEDIATE";

  private final TableSql table;
  private final PostgresTrouble trouble;
  private final TablePosition position;
  private final String journal;
  private final TableRules rules;

  /** Whether the position lasts that was written: a trigger may change it afterwards. */
  private boolean isSure;

  RowWriter(
      TableSql table,
      PostgresTrouble trouble,
      TablePosition position,
      TableRules rules,
      String journal) {
    this.table = table;
    this.trouble = trouble;
    this.position = position;
    this.journal = journal;
    this.rules = rules;
  }

  /**
   * Puts them there and moves the position. Fails with {@link Destination.Refused}, too.
   *
   * @return what became of them, and the first offset of those that were taken out, or null
   */
  Future<Outcome> insert(PgConnection on, SinkBatch batch, Rows rows) {
    return added(on, batch, rows)
        .recover(error -> refused(on, rows, error))
        .compose(added -> sure(on, batch).compose(sure -> outcome(on, batch, rows, added)));
  }

  /** Once on each connection: what changes it after a while fails the next one, and this again. */
  private Future<Void> sure(PgConnection on, SinkBatch batch) {
    if (isSure) {
      return Future.succeededFuture();
    }
    return on.preparedQuery(table.next())
        .execute(Tuple.of(journal))
        .compose(
            rows -> {
              boolean isThere = rows.size() > 0;
              String next = isThere ? rows.iterator().next().getString(0) : null;
              return position.check(journal, isThere, next, batch.next());
            })
        .onSuccess(checked -> isSure = true);
  }

  /**
   * What became of a batch over which the position has moved, and of which nothing was told: a row
   * of its offset is one that it has added. Fails with {@link Destination.Refused} if to look takes
   * too long: for fewer it may not.
   */
  Future<Outcome> recall(PgConnection on, SinkBatch batch, Rows rows) {
    return rows.ids.length == 0
        ? Future.succeededFuture(new Outcome(Written.counted(0, 0, 0), null))
        : found(on, batch, rows)
            .map(row -> outcome(rows, row.getInteger(2), row))
            .recover(
                error ->
                    Future.failedFuture(
                        PostgresTrouble.isCancelled(error) ? trouble.refusal(error) : error));
  }

  /**
   * Only where fewer came to the table than were sent it is asked: those that are missing may have
   * been there, or something took them out and said nothing.
   */
  private Future<Outcome> outcome(PgConnection on, SinkBatch batch, Rows rows, int added) {
    int sent = rows.ids.length;
    if (added >= sent) {
      return Future.succeededFuture(new Outcome(Written.counted(sent, added, sent), null));
    }
    return found(on, batch, rows).map(row -> outcome(rows, added, row));
  }

  private Future<Row> found(PgConnection on, SinkBatch batch, Rows rows) {
    return on.preparedQuery(table.found())
        .execute(Tuple.of(journal, batch.first(), rows.ids, rows.times))
        .map(answer -> answer.iterator().next());
  }

  private static Outcome outcome(Rows rows, int added, Row found) {
    Written written = Written.counted(rows.ids.length, added, found.getInteger(0));
    return new Outcome(written, found.getLong(1));
  }

  /** What became of a batch; {@code firstOut} is the first offset of those taken out, or null. */
  record Outcome(Written written, Long firstOut) {}

  /** As {@link Destination#tryOut}: in a transaction that is taken back. */
  Future<Boolean> tryOut(PgConnection on, SinkBatch record, Rows rows) {
    boolean isThere = record.first() < record.from();
    if (isThere) {
      asAnother(rows);
    }
    Future<Boolean> tried =
        run(on, BEGIN_TRIAL).compose(begun -> added(on, record, rows)).map(added -> added == 1);
    return tried
        .transform(outcome -> run(on, "ROLLBACK").compose(back -> tried))
        .recover(
            error ->
                isThere && PostgresTrouble.isDouble(error)
                    ? Future.succeededFuture(false) // of itself, as it stands in the table
                    : refused(on, rows, error));
  }

  /** As it is, it would be passed over, and not be looked at. */
  static void asAnother(Rows one) {
    one.ids[0] += TRIED;
    one.times[0] = one.times[0].plusNanos(TRIED_NANOS_LATER);
  }

  /** How many rows came to the table; fails if the position was not moved to where it should. */
  private Future<Integer> added(PgConnection on, SinkBatch batch, Rows rows) {
    Tuple values =
        Tuple.of(journal, batch.next(), batch.from(), rows.ids, rows.times)
            .addArrayOfString(rows.topics)
            .addArrayOfString(rows.types)
            .addArrayOfString(rows.records);
    for (Double[] numbers : rows.numbers) {
      values.addArrayOfDouble(numbers);
    }
    return on.preparedQuery(table.insert())
        .execute(values)
        .map(answer -> answer.iterator().next())
        .compose(
            row ->
                row.getLong(0) == 1
                    ? Future.succeededFuture(row.getInteger(1))
                    : Future.failedFuture(position.notMoved(journal)));
  }

  /** Fails with what the error means. */
  private <T> Future<T> refused(PgConnection on, Rows rows, Throwable error) {
    if (PostgresTrouble.isMark(error)) {
      return Future.failedFuture(position.notMoved(journal));
    }
    if (!PostgresTrouble.isRefusal(error)) {
      return Future.failedFuture(error);
    }
    return rules
        .named(on, error)
        .recover(named -> named == error ? refusal(on, rows, error) : Future.failedFuture(named))
        .mapEmpty();
  }

  private <T> Future<T> refusal(PgConnection on, Rows rows, Throwable error) {
    Future<Boolean> alone =
        rows.ids.length == 1 && PostgresTrouble.isOfQuestion(error)
            ? isOfItself(on, rows, error)
            : Future.succeededFuture(false);
    return alone.compose(
        isOfItself ->
            Future.failedFuture(
                isOfItself ? PostgresTrouble.ofItself(error) : trouble.refusal(error)));
  }

  /** Whether PostgreSQL refuses the one record also where no table has a part in it. */
  private Future<Boolean> isOfItself(PgConnection on, Rows one, Throwable error) {
    return on.preparedQuery(TableSql.ALONE)
        .execute(Tuple.of(one.ids[0], one.topics[0], one.times[0], one.records[0]))
        .map(answer -> PostgresTrouble.isTooLong(error, answer.iterator().next().getInteger(0)))
        .recover(
            alone ->
                PostgresTrouble.isOfQuestion(alone)
                    ? Future.succeededFuture(true)
                    : Future.failedFuture(alone));
  }

  private static Future<Void> run(PgConnection on, String sql) {
    return on.query(sql).execute().mapEmpty();
  }
}
