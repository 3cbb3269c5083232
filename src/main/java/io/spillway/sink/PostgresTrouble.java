package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.PostgresConfig;
import io.spillway.retry.NetworkFault;
import io.spillway.sink.Destination.Refused;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
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

  private final PostgresConfig config;

  PostgresTrouble(PostgresConfig config) {
    this.config = config;
  }

  /** Whether the same records will be refused for ever, and others need not be. */
  static boolean isRefusal(Throwable error) {
    if (!(error instanceof PgException pg) || pg.getSqlState() == null) {
      return false;
    }
    String kind = pg.getSqlState().substring(0, 2);
    // Data exception, integrity constraint violation, program limit exceeded.
    return kind.equals("22") || kind.equals("23") || kind.equals("54");
  }

  /** Whether a statement took longer than it may. */
  static boolean isCancelled(Throwable error) {
    return error instanceof PgException pg && "57014".equals(pg.getSqlState());
  }

  /** Whether a partition cannot be made because another one holds its times. */
  static boolean isCovered(Throwable error) {
    return error instanceof PgException pg
        && ("42P17".equals(pg.getSqlState()) || "23514".equals(pg.getSqlState()));
  }

  /**
   * Why the database has refused a record. The detail of an integrity constraint violation is the
   * row, and that is kept besides.
   */
  static Refused refusal(Throwable error) {
    PgException pg = (PgException) error;
    boolean rule = pg.getSqlState().startsWith("23");
    String detail = rule || pg.getDetail() == null ? "" : " (" + pg.getDetail() + ")";
    String reason = pg.getSqlState() + " " + pg.getErrorMessage() + detail;
    return new Refused(
        reason.length() > 500 ? reason.substring(0, 500) + "…" : reason, rule ? rule(pg) : null);
  }

  private static String rule(PgException pg) {
    String what =
        pg.getConstraint() != null
            ? "constraint " + pg.getConstraint()
            : pg.getColumn() != null ? "NOT NULL of column " + pg.getColumn() : "what forbids it";
    return pg.getTable() == null ? what : what + " in table " + pg.getTable();
  }

  /** One line for the log, and its kind. */
  Fault explain(Throwable error) {
    if (error instanceof Fault.Failure known) {
      return known.fault();
    }
    if (error instanceof Refused refused) {
      return refused.fault(config.address());
    }
    if (error instanceof PgException pg) {
      String state = String.valueOf(pg.getSqlState());
      return new Fault(kind(state), config.address() + ": " + pg.getErrorMessage() + hint(state));
    }
    if (error instanceof TimeoutException) {
      return Fault.noAnswer(config.address(), config.sink().timeout().toMillis());
    }
    if (error instanceof ClosedConnectionException) {
      return new Fault(FaultKind.CUT, config.address() + ": the connection is lost");
    }
    String address = config.address();
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
    return NetworkFault.explain(
        error,
        address.substring(0, address.lastIndexOf('/')),
        "; is PostgreSQL running?",
        "sinks.postgres.url",
        "sinks.postgres.caFile");
  }

  private static FaultKind kind(String state) {
    return switch (state) {
      case "28P01", "28000" -> FaultKind.CREDENTIALS;
      case "42501" -> FaultKind.FORBIDDEN;
      case "53100" -> FaultKind.DISK;
      default -> FaultKind.OTHER;
    };
  }

  private String hint(String state) {
    return switch (state) {
      case "28P01", "28000" -> "; check the user in sinks.postgres.url and sinks.postgres.password";
      case "3D000" -> "; make it (createdb " + config.database() + "), or check sinks.postgres.url";
      case "42501" -> "; user " + config.user() + " needs the right to make tables there";
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
