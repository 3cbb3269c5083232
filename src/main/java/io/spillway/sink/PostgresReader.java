package io.spillway.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.Fault;
import io.spillway.bus.NewestRecords;
import io.spillway.bus.NewestRequest;
import io.spillway.bus.Records;
import io.spillway.bus.TableRequest;
import io.spillway.config.PostgresConfig;
import io.spillway.retry.OutageLog;
import io.spillway.sink.QueryMetrics.Outcome;
import io.spillway.sink.RecordQueries.Question;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.sqlclient.ClientBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnectOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers questions from the table that the sink fills, over connections of its own. A database
 * that does not answer costs whoever asks a bounded time, then for a moment none at all, and never
 * the server its health: the journal answers instead.
 */
public final class PostgresReader extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(PostgresReader.class);

  /** After a failure of the database the next questions are refused at once. */
  private static final Duration REST = Duration.ofSeconds(2);

  /** What the database itself does not give up in time is given up here. */
  private static final Duration GRACE = Duration.ofMillis(500);

  /** A connection on which nothing moves for so long is closed, be it idle or stuck. */
  private static final int SILENT_SECONDS = 30;

  private final PostgresConfig config;
  private final MeterRegistry registry;
  private final TimeSource time;
  private final PostgresTrouble trouble;
  private final RecordQueries queries;
  private final OutageLog link = new OutageLog(log, "[postgres] questions:");
  private final List<MessageConsumer<?>> consumers = new ArrayList<>();

  private QueryMetrics metrics;
  private PostgresAccess access;
  private Pool pool;
  private long restUntilNs;

  PostgresReader(PostgresConfig config, MeterRegistry registry, TimeSource time) {
    this.config = config;
    this.registry = registry;
    this.time = time;
    restUntilNs = time.nanoTime();
    trouble = new PostgresTrouble(config);
    queries = new RecordQueries(config.table(), BoundedDriver.textMax());
  }

  /** Comes up whether or not the database is there. */
  @Override
  public Future<?> start() {
    metrics = new QueryMetrics(registry);
    access = new PostgresAccess(vertx, config, config.queryTimeout());
    pool =
        ClientBuilder.pool(new BoundedDriver(config))
            .with(new PoolOptions().setMaxSize(config.queries()))
            .with(
                new NetClientOptions()
                    .setConnectTimeout((int) config.queryTimeout().toMillis())
                    .setIdleTimeout(SILENT_SECONDS))
            .connectingTo(this::options)
            .using(vertx)
            .build();
    consumers.add(Channels.RECORDS_QUERY.answer(vertx, this::records));
    consumers.add(Channels.NEWEST_QUERY.answer(vertx, this::newest));
    return Future.succeededFuture();
  }

  private Future<SqlConnectOptions> options() {
    return access
        .options()
        .map(
            options ->
                options
                    .addProperty(
                        "statement_timeout", Long.toString(config.queryTimeout().toMillis()))
                    .addProperty("default_transaction_read_only", "on"));
  }

  @Override
  public Future<?> stop() {
    return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
        .transform(settled -> pool.close().timeout(1, TimeUnit.SECONDS).otherwiseEmpty());
  }

  private Future<Records> records(TableRequest request) {
    return ask("records", queries.records(request), rows -> QueryReplies.records(request, rows));
  }

  private Future<NewestRecords> newest(NewestRequest request) {
    return ask("newest", queries.newest(request), rows -> QueryReplies.newest(request, rows));
  }

  // --- one question

  private <T> Future<T> ask(String kind, Question question, Function<RowSet<Row>, T> read) {
    long startNs = time.nanoTime();
    if (metrics.asked().get() >= 2 * config.queries()) {
      return refuse(kind, BusFailure.FULL.because("too many questions to PostgreSQL at once"));
    }
    if (startNs - restUntilNs < 0) {
      return refuse(kind, away());
    }
    metrics.asked().incrementAndGet();
    return pool.preparedQuery(question.sql())
        .execute(question.parameters())
        .onComplete(settled -> metrics.asked().decrementAndGet())
        .timeout(config.queryTimeout().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)
        .map(read)
        .onSuccess(
            answer -> {
              link.up();
              metrics.ended(kind, Outcome.ANSWERED, since(startNs));
            })
        .recover(error -> failed(kind, error, since(startNs)));
  }

  private <T> Future<T> refuse(String kind, BusFailure.Refusal refusal) {
    metrics.ended(kind, Outcome.REFUSED, Duration.ZERO);
    return Future.failedFuture(refusal);
  }

  /** The reason is for whoever asks, and says nothing of addresses and users; the log does. */
  private <T> Future<T> failed(String kind, Throwable error, Duration took) {
    boolean cancelled = PostgresTrouble.isCancelled(error);
    boolean slow = cancelled || error instanceof TimeoutException;
    metrics.ended(kind, slow ? Outcome.SLOW : Outcome.FAILED, took);
    if (!cancelled && !PostgresTrouble.isOfQuestion(error)) {
      link.down(
          slow
              ? Fault.noAnswer(config.address(), config.queryTimeout().toMillis())
              : trouble.explain(error));
      restUntilNs = time.nanoTime() + REST.toNanos();
    }
    return Future.failedFuture(
        slow
            ? BusFailure.UNAVAILABLE.because(
                "PostgreSQL has no answer within " + config.queryTimeout().toMillis() + " ms")
            : PostgresTrouble.isOfQuestion(error)
                ? BusFailure.UNAVAILABLE.because("PostgreSQL cannot look for this")
                : away());
  }

  private static BusFailure.Refusal away() {
    return BusFailure.UNAVAILABLE.because("PostgreSQL does not answer; the server's log says why");
  }

  private Duration since(long startNs) {
    return Duration.ofNanos(time.nanoTime() - startNs);
  }
}
