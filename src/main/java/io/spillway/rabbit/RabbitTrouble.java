package io.spillway.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.MalformedFrameException;
import com.rabbitmq.client.MissedHeartbeatException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ProtocolVersionMismatchException;
import com.rabbitmq.client.ShutdownSignalException;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.RabbitConfig;
import io.spillway.retry.NetworkFault;
import java.io.EOFException;
import java.util.concurrent.TimeoutException;

/** What is wrong with the broker, in words, and what to do about it. */
final class RabbitTrouble {
  private RabbitTrouble() {}

  /** True if a broker has answered, and will not have us: another address would not, either. */
  static boolean isAnswer(Throwable error) {
    ShutdownSignalException shutdown = find(error, ShutdownSignalException.class);
    return isCredentials(error) || (shutdown != null && shutdown.getReason() != null);
  }

  private static boolean isCredentials(Throwable error) {
    return find(error, AuthenticationFailureException.class) != null
        || find(error, PossibleAuthenticationFailureException.class) != null;
  }

  /** Why a connection did not come about, or the queue cannot be consumed. */
  static Fault explain(RabbitConfig config, Throwable error) {
    if (isCredentials(error)) {
      return credentials(config);
    }
    ShutdownSignalException shutdown = find(error, ShutdownSignalException.class);
    if (shutdown != null) {
      boolean silent = shutdown.getReason() == null && !config.tls();
      Fault ended = ended(config, shutdown);
      return silent
          ? ended.as(
              ended.words()
                  + "; if this is its port for TLS, rabbitmq.url has to begin with amqps://")
          : ended;
    }
    if (find(error, ProtocolVersionMismatchException.class) != null
        || find(error, MalformedFrameException.class) != null) {
      return new Fault(
          FaultKind.OTHER,
          config.address()
              + " does not speak AMQP 0-9-1; is rabbitmq.url (RABBITMQ_URL) the broker's port 5672,"
              + " or amqps:// and 5671?");
    }
    if (find(error, TimeoutException.class) != null) {
      return new Fault(
          FaultKind.TIMEOUT,
          config.address()
              + " does not answer; is it the port of a broker, and is that broker well?");
    }
    return NetworkFault.explain(
        error,
        config.address(),
        "; is RabbitMQ running, and is rabbitmq.url (RABBITMQ_URL) right?",
        "rabbitmq.url (RABBITMQ_URL)",
        "rabbitmq.caFile");
  }

  /** Why a connection or its channel ended. */
  static Fault ended(RabbitConfig config, ShutdownSignalException cause) {
    if (cause.getReason() instanceof AMQP.Connection.Close close) {
      return refused(config, close.getReplyCode(), close.getReplyText());
    }
    if (cause.getReason() instanceof AMQP.Channel.Close close) {
      return refused(config, close.getReplyCode(), close.getReplyText());
    }
    if (find(cause, MissedHeartbeatException.class) != null) {
      return new Fault(FaultKind.CUT, "connection lost: nothing heard from " + config.address());
    }
    Throwable root = cause.getCause();
    String why = root == null || root instanceof EOFException ? "closed by the broker" : text(root);
    return new Fault(FaultKind.CUT, "connection lost: " + why);
  }

  /** The broker has cancelled the consumer (its extension consumer_cancel_notify). */
  static Fault cancelled(RabbitConfig config) {
    return new Fault(
        FaultKind.OTHER,
        "the broker gives no more of queue " + config.queue() + ": was it deleted?");
  }

  // Reply codes: AMQP 0-9-1 section 1.1 of the reference; the texts are RabbitMQ's own.
  private static Fault refused(RabbitConfig config, int code, String reply) {
    // Its name for the code goes, and the user's name: health shows this to anybody.
    String text =
        reply.replaceFirst("^[A-Z_]+ - ", "").replace("user '" + config.user() + "'", "user ***");
    return switch (code) {
      case AMQP.ACCESS_REFUSED ->
          new Fault(
              FaultKind.FORBIDDEN,
              text
                  + "; give the user this permission (rabbitmqctl"
                  + " set_permissions), or set rabbitmq.declare to false if only declaring is"
                  + " refused");
      case AMQP.NOT_FOUND -> new Fault(FaultKind.OTHER, text + "; " + missing(config));
      case AMQP.NOT_ALLOWED ->
          new Fault(
              FaultKind.FORBIDDEN,
              text
                  + "; is the virtual host at the end of rabbitmq.url (RABBITMQ_URL) right, and may"
                  + " the user enter it?");
      case AMQP.PRECONDITION_FAILED -> new Fault(FaultKind.OTHER, precondition(text));
      case AMQP.CONNECTION_FORCED ->
          new Fault(FaultKind.CUT, "connection closed by the broker: " + text);
      default -> new Fault(FaultKind.CUT, "closed by the broker with " + code + ": " + text);
    };
  }

  private static String missing(RabbitConfig config) {
    return config.declare()
        ? "it has been deleted meanwhile"
        : "make it at the broker, or set rabbitmq.declare to true; check rabbitmq.queue and"
            + " rabbitmq.exchange (RABBITMQ_EXCHANGE)";
  }

  private static String precondition(String text) {
    return text.contains("inequivalent")
        ? text
            + "; it exists and is another kind: set rabbitmq.declare to false to use it as it is,"
            + " or delete it"
        : text;
  }

  private static Fault credentials(RabbitConfig config) {
    String why =
        "bad credentials: wrong user name or password; check rabbitmq.url (RABBITMQ_URL) and"
            + " rabbitmq.password";
    boolean guest = config.user().equals("guest");
    return new Fault(
        FaultKind.CREDENTIALS,
        why + (guest ? " (RabbitMQ lets guest in from its own machine only)" : ""));
  }

  private static String text(Throwable error) {
    return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
  }

  private static <T extends Throwable> T find(Throwable error, Class<T> type) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }
}
