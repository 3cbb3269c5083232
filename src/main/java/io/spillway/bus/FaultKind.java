package io.spillway.bus;

import java.util.Locale;
import java.util.Optional;

/**
 * The sorts of faults. A role says which one it is where the fault arises; a page has words for
 * each in other languages.
 */
public enum FaultKind {
  NOT_CONNECTED("Is the edge running, and does it reach this server? Its log says why: [uplink]."),
  STALLED("Look at the log of its process; a restart does not lose anything."),
  FORBIDDEN("Give this user the right to it."),
  CREDENTIALS("Check user name, password or token on both sides."),
  CLIENT_ID("Give each client an id of its own."),
  FULL("Free space, or raise edge.spool.maxBytes; nothing is lost meanwhile."),
  DISK("Free space on the disk; it goes on by itself."),
  TLS("Check the certificate and the authority that is trusted."),
  UNKNOWN_HOST("Check the name in the address, and the name server."),
  PROXY("Start the server behind the proxy, or the tunnel."),
  REFUSED("Start what should be listening there, or check the address."),
  STOPPING("It connects again by itself when it is back."),
  CUT("It connects again by itself. Is the other side running?"),
  TIMEOUT("Is the other side running, and the network between them up?"),
  DAMAGED("Look at what is kept in quarantine/; it is told until the next start."),
  FILLING("Free space, or choose how long records are kept: server.journal.keepDays, keepBytes."),
  SET_ASIDE("Change there what refuses them; what is set aside is kept in rejected.ndjson."),
  TAKEN_OUT("Change there what takes them out; the journal keeps them as long as it keeps any."),
  LOST("Put the newer data back, or fetch the records from where else they went."),
  OTHER("The log of its process says more.");

  private final String cure;

  FaultKind(String cure) {
    this.cure = cure;
  }

  /** What helps with most of this sort. */
  public String cure() {
    return cure;
  }

  /** Whether the role works all the same: something to look at, not an outage. */
  public boolean isNotice() {
    return switch (this) {
      case DAMAGED, FILLING, SET_ASIDE, TAKEN_OUT, LOST -> true;
      default -> false;
    };
  }

  /** As it is called on the wire and by the API. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind that is called so; empty for one that only a newer version knows. */
  public static Optional<FaultKind> called(String text) {
    for (FaultKind kind : values()) {
      if (kind.text().equals(text)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
