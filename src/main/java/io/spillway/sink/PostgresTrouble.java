package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.PostgresConfig;
import io.spillway.retry.NetworkFault;
import io.spillway.sink.Destination.NotMoved;
import io.spillway.sink.Destination.Refused;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * What an error of PostgreSQL means: the codes are those of its manual, appendix A, "PostgreSQL
 * Error Codes".
 */
final class PostgresTrouble {
  // What the client says of the certificate; of the reasons it says nothing.
  private static final String HANDSHAKE = "SSL handshake failed";
  private static final String NO_PASSWORD = "The value for 'password' must not be empty";
  private static final String NO_TLS = "Postgres Server does not handle SSL connection";

  private static final String NO_UTF8 = "is not supported in the client only UTF8";
  private static final String CLOSED = "Connection was closed";

  private static final String FORBIDDEN = "42501";
  private static final String CHECK = "23514";

  // Where in PostgreSQL an error arises: its text is in the language of the server.
  private static final String BY_POLICY = "ExecWithCheckOptions";
  private static final String BY_PARTITIONS = "ExecFindPartition";

  /** A byte 0, or a character that the database's encoding lacks: no table would take it. */
  private static final Set<String> OF_THE_TEXT = Set.of("22021", "22P05");

  private static final String TOO_LONG = "54000";

  /**
   * An entry of a B-tree has 2,704 bytes at most, of which a time and the headers take some 30
   * ("index row size … exceeds btree version 4 maximum 2704"). What can be compressed may be
   * longer.
   */
  private static final int INDEXED_MAX = 2_600;

  /**
   * Classes of errors that say how the server, its schema or the connection is. All waits until
   * that is mended, though a trigger with a mistake in it may raise one of class 42, too.
   */
  private static final Set<String> OF_THE_SERVER =
      Set.of(
          "08", "25", "26", "28", "3D", "3F", "40", "42", "53", "55", "57", "58", "72", "F0", "HV",
          "XX");

  private final PostgresConfig config;

  PostgresTrouble(PostgresConfig config) {
    this.config = config;
  }

  /**
   * Whether it may be that the same records are refused for ever, and others not. The code does not
   * tell if it is for what is in them or for what somebody has added to the table: an index with a
   * cast, a column of another type, a policy, a trigger, which may raise any code. (What the driver
   * itself finds has none.)
   */
  static boolean isRefusal(Throwable error) {
    return error instanceof PgException pg
        && pg.getSqlState() != null
        && (FORBIDDEN.equals(pg.getSqlState()) || !OF_THE_SERVER.contains(kindOf(pg)));
  }

  /** Whether it is because of what is asked for, and the database works. */
  static boolean isOfQuestion(Throwable error) {
    return error instanceof PgException pg
        && pg.getSqlState() != null
        && (kindOf(pg).equals("22") || kindOf(pg).equals("54"));
  }

  /**
   * Whether a text of so many bytes is why: an index that the table is made with cannot hold it.
   */
  static boolean isTooLong(Throwable error, int bytes) {
    return error instanceof PgException pg
        && TOO_LONG.equals(pg.getSqlState())
        && bytes > INDEXED_MAX;
  }

  /** Whether a unique index has the row, or one that it takes for the same. */
  static boolean isDouble(Throwable error) {
    return error instanceof PgException pg && "23505".equals(pg.getSqlState());
  }

  private static String kindOf(PgException error) {
    return error.getSqlState().substring(0, 2);
  }

  /** Whether a statement took longer than it may. */
  static boolean isCancelled(Throwable error) {
    return error instanceof PgException pg && "57014".equals(pg.getSqlState());
  }

  /** Whether a partition cannot be made because another one holds its times. */
  static boolean isCovered(Throwable error) {
    return error instanceof PgException pg
        && ("42P17".equals(pg.getSqlState()) || CHECK.equals(pg.getSqlState()));
  }

  /** Why there is no partition of its own for a time, for the log. */
  static String covered(LocalDate start, Throwable error) {
    String why =
        error instanceof PgException pg ? pg.getErrorMessage() : "something holds its times";
    return "no partition from "
        + start
        + " on: "
        + why
        + "; records of that time go to the partition that holds it";
  }

  /** Whether the position would have become another one than what was written. */
  static boolean isMark(Throwable error) {
    return error instanceof PgException pg
        && pg.getErrorMessage() != null
        && pg.getErrorMessage().contains(TableSql.MARK);
  }

  /** Why the database has refused a record, perhaps as it does every other one. */
  Refused refusal(Throwable error) {
    PgException pg = (PgException) error;
    return OF_THE_TEXT.contains(pg.getSqlState())
        ? ofItself(pg)
        : new Refused(kind(pg.getSqlState()), reason(pg), cure(pg));
  }

  /** Why it has refused a record that no table would take. */
  static Refused ofItself(Throwable error) {
    return new Refused(reason((PgException) error));
  }

  /** The detail of an integrity constraint violation is the row, and that is kept besides. */
  private static String reason(PgException pg) {
    String state = pg.getSqlState();
    boolean row = state.startsWith("23");
    String detail = row || pg.getDetail() == null ? "" : " (" + pg.getDetail() + ")";
    String reason = state + " " + pg.getErrorMessage() + detail;
    return reason.length() > 500 ? reason.substring(0, 500) + "…" : reason;
  }

  private String cure(PgException pg) {
    String table = pg.getTable() == null ? "" : " in table " + pg.getTable();
    if (FORBIDDEN.equals(pg.getSqlState())) {
      return isByPolicy(pg)
          ? policy(pg)
          : rights() + ", or change the policy or trigger that refuses it";
    }
    if (BY_PARTITIONS.equals(pg.getRoutine()) && CHECK.equals(pg.getSqlState())) {
      return "CREATE TABLE "
          + TableSql.quoted(config.table() + "_default")
          + " PARTITION OF "
          + TableSql.quoted(config.table())
          + " DEFAULT, which is to have what no other partition has";
    }
    if (pg.getConstraint() != null) {
      return "drop or change constraint " + pg.getConstraint() + table;
    }
    return pg.getColumn() != null
        ? "drop or change NOT NULL of column " + pg.getColumn() + table
        : "change the index, column type or trigger that refuses it" + table;
  }

  private String rights() {
    return "grant user "
        + config.user()
        + " SELECT and INSERT on "
        + TableSql.quoted(config.table())
        + ", and SELECT, INSERT and UPDATE on "
        + TableSql.quoted(positions());
  }

  private static boolean isByPolicy(PgException pg) {
    return BY_POLICY.equals(pg.getRoutine());
  }

  private String policy(PgException pg) {
    boolean ofPositions = String.valueOf(pg.getErrorMessage()).contains(positions());
    String name = TableSql.quoted(ofPositions ? positions() : config.table());
    return "its row-level security does not let user %1$s write: ALTER TABLE %2$s DISABLE ROW LEVEL SECURITY, or CREATE POLICY %1$s ON %2$s TO %1$s USING (true) WITH CHECK (true)"
        .formatted(config.user(), name);
  }

  private String positions() {
    return config.table() + "_sink";
  }

  /** One line for the log, and its kind. */
  Fault explain(Throwable error) {
    if (error instanceof Fault.Failure known) {
      return known.fault();
    }
    if (error instanceof NotMoved kept) {
      return kept.fault();
    }
    if (error instanceof Refused refused) {
      return refused.fault(config.address());
    }
    if (error instanceof PgException pg) {
      String state = String.valueOf(pg.getSqlState());
      return new Fault(kind(state), config.address() + ": " + pg.getErrorMessage() + hint(pg));
    }
    if (error instanceof TimeoutException) {
      return Fault.noAnswer(config.address(), config.sink().timeout().toMillis());
    }
    String address = config.address();
    if (error instanceof ClosedConnectionException || CLOSED.equals(error.getMessage())) {
      return new Fault(FaultKind.CUT, address + ": the connection is lost");
    }
    if (HANDSHAKE.equals(error.getMessage())) {
      return new Fault(
          FaultKind.TLS,
          "TLS with "
              + address.substring(0, address.lastIndexOf('/'))
              + ": its certificate is not for this host, or of an unknown authority; use the name"
              + " it is for in sinks.postgres.url, for a certificate of your own authority set"
              + " sinks.postgres.caFile");
    }
    if (NO_PASSWORD.equals(error.getMessage())) {
      return new Fault(
          FaultKind.CREDENTIALS, address + " asks for a password; set sinks.postgres.password");
    }
    if (NO_TLS.equals(error.getMessage())) {
      return new Fault(
          FaultKind.TLS,
          address + " does not speak TLS; set ssl = on there, or sinks.postgres.tls to prefer");
    }
    if (String.valueOf(error.getMessage()).endsWith(NO_UTF8)) {
      return new Fault(
          FaultKind.OTHER,
          address
              + ": it does not say that it speaks UTF-8; is it PostgreSQL, or a pooler before it?"
              + " check sinks.postgres.url, or set client_encoding = UTF8 there");
    }
    if (isOfClient(error)) {
      return new Fault(
          FaultKind.OTHER,
          address + ": what it answers cannot be read; is it PostgreSQL? check sinks.postgres.url");
    }
    return NetworkFault.explain(
        error,
        address.substring(0, address.lastIndexOf('/')),
        "; is PostgreSQL running?",
        "sinks.postgres.url",
        "sinks.postgres.caFile");
  }

  private String forbidden(PgException pg) {
    return String.valueOf(pg.getErrorMessage()).contains(config.table())
        ? rights() + ", or make it their owner, who makes partitions and columns"
        : "user " + config.user() + " needs the right to make tables there";
  }

  /** Whether its client has failed, which expects nothing but PostgreSQL, and not the network. */
  private static boolean isOfClient(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof IOException || at instanceof ReplyException) {
        return false;
      }
    }
    return true;
  }

  private static FaultKind kind(String state) {
    return switch (state) {
      case "28P01", "28000" -> FaultKind.CREDENTIALS;
      case FORBIDDEN -> FaultKind.FORBIDDEN;
      case "53100" -> FaultKind.DISK;
      default -> FaultKind.OTHER;
    };
  }

  private String hint(PgException pg) {
    return switch (String.valueOf(pg.getSqlState())) {
      case "28P01", "28000" -> "; check the user in sinks.postgres.url and sinks.postgres.password";
      case "3D000" -> "; make it (createdb " + config.database() + "), or check sinks.postgres.url";
      case FORBIDDEN -> "; " + (isByPolicy(pg) ? policy(pg) : forbidden(pg));
      case "42P01" ->
          "; to have what is gone made anew, DROP TABLE "
              + TableSql.quoted(config.table() + "_version")
              + ", and "
              + TableSql.quoted(config.table() + "_sink")
              + " to have the journal written from its beginning";
      case "42P10" ->
          "; it lacks the key that tells what is there already: CREATE UNIQUE INDEX ON "
              + TableSql.quoted(config.table())
              + " (id, time), or ON "
              + TableSql.quoted(config.table() + "_sink")
              + " (journal)";
      default -> "";
    };
  }
}
