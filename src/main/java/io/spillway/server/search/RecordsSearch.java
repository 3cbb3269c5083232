package io.spillway.server.search;

import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.server.records.Selection;
import io.vertx.core.Future;

/**
 * Finds the records of one request. What the journal holds comes from it; what retention has taken
 * out of it, and what another server's journal has, comes from the database, if there is one. A
 * page is of one of them, so that it may be short where the one ends and the other begins. Only
 * what neither has is a gap.
 */
final class RecordsSearch {
  static final long NEWEST = -1;
  static final int BYTES_MAX = 1 << 20;

  /**
   * What is wanted.
   *
   * @param journal whose offsets are meant; null: this server's
   * @param since the first offset wanted, or {@link #NEWEST}
   */
  record Query(String journal, long since, int limit, Selection topics) {}

  private final SearchSetup setup;
  private final Query query;
  private final long from;

  RecordsSearch(SearchSetup setup, Query query) {
    this.setup = setup;
    this.query = query;
    from = Math.max(1, query.since);
  }

  /** Fails if there is nobody to answer. */
  Future<RecordsPage> run() {
    return RecordSource.journal(setup.vertx())
        .read(ReadRequest.POSITION)
        .compose(
            held -> {
              if (query.journal != null && !query.journal.equals(held.journal())) {
                return elsewhere(held);
              }
              if (query.since == NEWEST) {
                return newest(held);
              }
              return query.since > held.end()
                  ? Future.succeededFuture(RecordsPage.ofOtherJournal(held))
                  : since(held);
            });
  }

  // --- of this server's journal

  private Future<RecordsPage> since(Records held) {
    if (setup.database() && from < held.oldest()) {
      return fromTable(held);
    }
    return fromJournal(held.journal())
        .compose(
            page ->
                setup.database() && page.gap() != null // retention was at it just now
                    ? fromTable(held)
                    : Future.succeededFuture(page));
  }

  private Future<RecordsPage> fromJournal(String journal) {
    RecordList list = new RecordList(query.limit, BYTES_MAX);
    ForwardReader forward = forward(RecordSource.journal(setup.vertx()), list);
    return forward
        .read()
        .map(
            read ->
                RecordsPage.of(list, journal, forward.next(), forward.end())
                    .withGap(from, forward.gapTo()));
  }

  private Future<RecordsPage> fromTable(Records held) {
    RecordList list = new RecordList(query.limit, BYTES_MAX);
    ForwardReader forward = forward(RecordSource.table(setup.vertx(), held.journal()), list);
    return forward
        .read()
        .map(read -> (String) null)
        .otherwise(RecordSource::trouble)
        .compose(
            trouble -> {
              if (!forward.hasMoved() || forward.gapTo() > held.oldest()) {
                return fromJournal(held.journal()).map(page -> page.withNote(trouble));
              }
              return Future.succeededFuture(
                  RecordsPage.of(list, held.journal(), forward.next(), held.end())
                      .inTable()
                      .withGap(from, forward.gapTo()));
            });
  }

  private Future<RecordsPage> newest(Records held) {
    BackwardReader backward = backward(RecordSource.journal(setup.vertx()), query.limit);
    return backward
        .read(held.end(), held.oldest())
        .compose(
            list -> {
              RecordsPage page = RecordsPage.of(list, held.journal(), held.end(), held.end());
              boolean enough = list.size() >= query.limit || backward.before() > 0;
              return !setup.database() || enough || held.oldest() == 1
                  ? Future.succeededFuture(page)
                  : older(held, page);
            });
  }

  /** Retention has left less than is wanted. */
  private Future<RecordsPage> older(Records held, RecordsPage page) {
    RecordSource table = RecordSource.table(setup.vertx(), held.journal());
    return table
        .read(ReadRequest.POSITION)
        .compose(
            at ->
                at.oldest() == 0
                    ? Future.succeededFuture(page)
                    : backward(table, query.limit - page.records().size())
                        .read(Math.min(held.oldest(), at.end()), at.oldest())
                        .map(
                            list -> {
                              boolean some = list.size() > 0;
                              page.records().prepend(list);
                              return some ? page.inTable() : page;
                            }))
        .otherwise(error -> page.withNote(RecordSource.trouble(error)));
  }

  // --- of another server's

  private Future<RecordsPage> elsewhere(Records own) {
    if (!setup.database()) {
      return Future.succeededFuture(RecordsPage.ofOtherJournal(own));
    }
    RecordSource table = RecordSource.table(setup.vertx(), query.journal);
    return table
        .read(ReadRequest.POSITION)
        .compose(
            at -> {
              if (at.end() == 0) {
                return Future.succeededFuture(RecordsPage.ofOtherJournal(own));
              }
              return query.since == NEWEST ? newestElsewhere(table, at) : sinceElsewhere(table, at);
            })
        .recover(error -> Future.failedFuture(RecordSource.trouble(error)));
  }

  private Future<RecordsPage> newestElsewhere(RecordSource table, Records at) {
    return backward(table, query.limit)
        .read(at.end(), Math.max(1, at.oldest()))
        .map(list -> RecordsPage.of(list, query.journal, at.end(), at.end()).inTable());
  }

  /** A cursor beyond what is in the table is one of records that are still on their way to it. */
  private Future<RecordsPage> sinceElsewhere(RecordSource table, Records at) {
    RecordList list = new RecordList(query.limit, BYTES_MAX);
    ForwardReader forward = forward(table, list);
    if (from >= at.end()) {
      return Future.succeededFuture(RecordsPage.of(list, query.journal, from, from).inTable());
    }
    return forward
        .read()
        .map(
            read -> {
              long next = forward.hasMoved() ? forward.next() : forward.end();
              return RecordsPage.of(list, query.journal, next, forward.end())
                  .inTable()
                  .withGap(from, forward.hasMoved() ? forward.gapTo() : next);
            });
  }

  private ForwardReader forward(RecordSource source, RecordList list) {
    return new ForwardReader(setup, source, query.topics, from, list);
  }

  private BackwardReader backward(RecordSource source, int limit) {
    return new BackwardReader(
        setup, source, (view, line, start, end) -> view.isIn(query.topics), limit, BYTES_MAX);
  }
}
