package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.config.ColumnConfig;
import io.spillway.config.PostgresConfig;
import io.spillway.sink.RowReader.Rows;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.spillway.worker.TimeLimit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One table of PostgreSQL, over one connection on which statements are pipelined. */
final class PostgresDestination implements Destination {
  private static final Logger log = LoggerFactory.getLogger(PostgresDestination.class);
  static final int PIPELINED = 2;
  static final int CLOSING_MAX = 4;
  private static final long CONNECT_WITHIN_MS = 10_000;

  private final Vertx vertx;
  private final PostgresConfig config;
  private final TimeSource time;
  private final TableSql table;
  private final ConnectionFactory<PgConnectOptions> client;
  private final PostgresAccess access;
  private final PostgresTrouble trouble;
  private final TablePosition position;
  private final TableRules rules;
  private final TakenOut takenOut;
  private final List<List<String>> paths;
  private final Set<String> told = new HashSet<>();

  private final PartitionMaker partitions;

  private boolean isSizeTold;
  private PgConnection connection;
  private String journal;
  private RowReader reader;
  private RowWriter writer;

  /** The rows of every batch so far have been read, and their partitions made. */
  private Future<?> prepared = Future.succeededFuture();

  /** Connections to a database that is stuck close when it answers again, and not before. */
  private int closing;

  /** Raised by {@link #close}: a connection that comes about later belongs to nobody. */
  private int generation;

  PostgresDestination(Vertx vertx, PostgresConfig config, TimeSource time) {
    this.vertx = vertx;
    this.config = config;
    this.time = time;
    this.table = new TableSql(config);
    this.client = new BoundedDriver(config).createConnectionFactory(vertx, new NetClientOptions());
    this.access = new PostgresAccess(vertx, config, config.sink().timeout());
    this.trouble = new PostgresTrouble(config);
    this.position = new TablePosition(address(), TableSql.quoted(config.table() + "_sink"));
    this.rules = new TableRules(config);
    this.takenOut = new TakenOut(address(), TableSql.quoted(config.table()));
    this.partitions = new PartitionMaker(time);
    this.paths = config.columns().stream().map(ColumnConfig::path).toList();
  }

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public String address() {
    return config.address();
  }

  @Override
  public int inFlightMax() {
    return PIPELINED;
  }

  @Override
  public Fault explain(Throwable error) {
    return trouble.explain(error);
  }

  @Override
  public Fault notice() {
    return takenOut.fault();
  }

  // --- opening

  @Override
  public Future<Long> open(String journal) {
    this.journal = journal;
    reader = new RowReader(journal, paths);
    writer = new RowWriter(table, trouble, position, rules, journal);
    prepared = Future.succeededFuture();
    int mine = generation;
    if (closing >= CLOSING_MAX) {
      return Future.failedFuture(new TimeoutException());
    }
    return connect(mine)
        .compose(
            fresh ->
                new Migration(fresh, config, table, told)
                    .run()
                    .map(found -> found ? new Partitions(config.table(), config.partition()) : null)
                    .compose(
                        found ->
                            limited(
                                partitions.begin(fresh, found).compose(done -> position(fresh)))));
  }

  private Future<PgConnection> connect(int mine) {
    long withinMs = Math.min(CONNECT_WITHIN_MS, config.sink().timeout().toMillis());
    Future<PgConnection> connected =
        access
            .options()
            .compose(
                options ->
                    client.connect(
                        vertx.getOrCreateContext(), options.setPipeliningLimit(PIPELINED * 2)))
            .map(PgConnection::cast)
            .compose(fresh -> keep(fresh, mine));
    return TimeLimit.within(vertx, withinMs, connected)
        .recover(
            error -> {
              if (!(error instanceof TimeoutException)) {
                return Future.failedFuture(error);
              }
              access.doubt();
              return Future.failedFuture(Fault.noAnswer(address(), withinMs).failure());
            });
  }

  private <T> Future<T> limited(Future<T> work) {
    return TimeLimit.within(vertx, config.sink().timeout().toMillis(), work);
  }

  private Future<PgConnection> keep(PgConnection fresh, int mine) {
    if (mine != generation) {
      return fresh
          .close()
          .compose(closed -> Future.failedFuture(ClosedConnectionException.INSTANCE));
    }
    connection = fresh;
    fresh.noticeHandler(notice -> {}); // "already exists, skipping"
    fresh.exceptionHandler(error -> log.debug("[postgres] connection: {}", error.toString()));
    fresh.closeHandler(closed -> lost(fresh));
    return Future.succeededFuture(fresh);
  }

  private void lost(PgConnection closed) {
    if (connection == closed) {
      connection = null;
    }
  }

  private Future<Long> position(PgConnection on) {
    return on.preparedQuery(table.position())
        .execute(Tuple.of(journal))
        .recover(error -> rules.named(on, error))
        .compose(rows -> rows.size() == 0 ? none() : position(rows.iterator().next()));
  }

  private Future<Long> none() {
    return Future.failedFuture(position.none(journal));
  }

  private Future<Long> position(Row row) {
    try {
      String next = row.getString(0);
      return Future.succeededFuture(
          position.of(journal, next, row.getString(1), row.getBoolean(2)));
    } catch (Fault.Failure none) {
      return Future.failedFuture(none);
    }
  }

  // --- writing

  @Override
  public Future<Written> write(SinkBatch batch) {
    PgConnection on = connection;
    if (on == null) {
      return Future.failedFuture(ClosedConnectionException.INSTANCE);
    }
    return rows(on, batch)
        .compose(read -> writer.insert(on, batch, read))
        .map(outcome -> told(batch, outcome))
        .onFailure(this::tellOfSize);
  }

  /** Once: halves of it may be taken, each time anew, and nobody would know why it is slow. */
  private void tellOfSize(Throwable error) {
    if (error instanceof Refused refused && refused.isOfSize() && !isSizeTold) {
      isSizeTold = true;
      log.warn(
          "[postgres] {}: {}, and batches are halved; {}",
          address(),
          refused.getMessage(),
          refused.cure());
    }
  }

  @Override
  public Future<Written> recall(SinkBatch batch) {
    PgConnection on = connection;
    return on == null
        ? Future.failedFuture(ClosedConnectionException.INSTANCE)
        : Blocking.run(vertx, () -> reader.read(batch, time.wallMs()))
            .compose(read -> writer.recall(on, batch, read))
            .map(outcome -> told(batch, outcome))
            .onFailure(this::tellOfSize);
  }

  private Written told(SinkBatch batch, RowWriter.Outcome outcome) {
    int out = outcome.written().takenOut();
    if (out > 0) {
      long first = outcome.firstOut() == null ? batch.first() : outcome.firstOut();
      say(Level.WARN, takenOut.lost(out, first, time.monotonicMs()));
    } else if (outcome.written().some()) {
      say(Level.INFO, takenOut.taken(time.monotonicMs()));
    }
    return outcome.written();
  }

  private static void say(Level level, String text) {
    if (!text.isEmpty()) {
      log.atLevel(level).log("[postgres] {}", text);
    }
  }

  private Future<Rows> rows(PgConnection on, SinkBatch batch) {
    Future<Rows> rows =
        prepared
            .transform(earlier -> Blocking.run(vertx, () -> reader.read(batch, time.wallMs())))
            .compose(read -> partitions.forTimes(on, read.times).map(read));
    prepared = rows;
    return rows;
  }

  @Override
  public Future<Boolean> tryOut(SinkBatch record) {
    PgConnection on = connection;
    return on == null
        ? Future.failedFuture(ClosedConnectionException.INSTANCE)
        : rows(on, record).compose(read -> writer.tryOut(on, record, read));
  }

  @Override
  public Future<Void> close() {
    generation++;
    PgConnection last = connection;
    connection = null;
    if (last == null) {
      return Future.succeededFuture();
    }
    closing++;
    return last.close().onComplete(closed -> closing--);
  }
}
