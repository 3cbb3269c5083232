package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.PostgresConfig;
import io.spillway.sink.Destination.NotMoved;
import io.spillway.sink.Destination.Refused;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

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

  /** What the client says of a connection that closed before, while or after it sent something. */
  private static final Pattern CLOSED =
      Pattern.compile(
          "Connection was closed|Pending requests failed to be sent due to connection has been closed"
              + "\\..*|Connection is not active now, current status: CLOS.*");

  static final String FORBIDDEN = "42501";
  static final String CHECK = "23514";

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
  private final PostgresCures cures;

  PostgresTrouble(PostgresConfig config) {
    this.config = config;
    this.cures = new PostgresCures(config);
  }

  /**
   * Whether it may be that the same records are refused for ever, and others not. The code does not
   * tell if it is for what is in them or for what somebody has added to the table: an index with a
   * cast, a column of another type, a policy, a trigger, which may raise any code. (What the driver
   * itself finds has none.) What takes too long is refused, too: less of it may be done in time.
   */
  static boolean isRefusal(Throwable error) {
    return error instanceof PgException pg
        && pg.getSqlState() != null
        && (FORBIDDEN.equals(pg.getSqlState())
            || isCancelled(pg)
            || !OF_THE_SERVER.contains(kindOf(pg)));
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

  /** Whether it is for what PostgreSQL does not do where there is a rule, perhaps. */
  static boolean isUnsupported(Throwable error) {
    return error instanceof PgException pg && "0A000".equals(pg.getSqlState());
  }

  /** Why the database has refused a record, perhaps as it does every other one. */
  Refused refusal(Throwable error) {
    PgException pg = (PgException) error;
    return OF_THE_TEXT.contains(pg.getSqlState())
        ? ofItself(pg)
        : new Refused(kind(pg.getSqlState()), reason(pg), cures.ofRefusal(pg), isCancelled(pg));
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
      return new Fault(
          kind(state), config.address() + ": " + pg.getErrorMessage() + cures.hint(pg));
    }
    if (error instanceof TimeoutException) {
      return Fault.noAnswer(config.address(), config.sink().timeout().toMillis());
    }
    String address = config.address();
    if (error instanceof ClosedConnectionException || isClosed(error)) {
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
    return SinkExamination.postgresAway(address, error);
  }

  private static boolean isClosed(Throwable error) {
    return error.getMessage() != null && CLOSED.matcher(error.getMessage()).matches();
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
}
