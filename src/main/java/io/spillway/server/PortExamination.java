package io.spillway.server;

import io.spillway.config.ServerConfig;
import io.spillway.config.TokenRole;
import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import io.spillway.net.Loopback;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks whether the server could listen on its port, without listening there: what is bound here is
 * in nobody's way. And who may come in, by its tokens.
 */
public final class PortExamination {
  /** What the hops are called. */
  public static final String PORT = "own port";

  /** Likewise. */
  public static final String TOKENS = "own tokens";

  private final ServerConfig config;

  public PortExamination(ServerConfig config) {
    this.config = config;
  }

  /**
   * Whether the port is free, and who has it if it is not. Blocking.
   *
   * @param holder the process that has the server's data directory open; empty if none has
   */
  public HopFinding port(OptionalLong holder) {
    if (config.port() == 0) {
      return HopFinding.ok(PORT, "any that is free");
    }
    for (String address : Loopback.addresses(config.host())) {
      try {
        bind(address);
      } catch (IOException error) {
        return taken(Listeners.explained(error, address, config.port()), holder);
      }
    }
    return HopFinding.ok(PORT, Listeners.authority(config.host(), config.port()) + " is free");
  }

  private void bind(String address) throws IOException {
    InetSocketAddress place = new InetSocketAddress(address, config.port());
    if (place.isUnresolved()) {
      throw new UnknownHostException(address);
    }
    try (SocketChannel socket = SocketChannel.open()) {
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true); // as the server does
      socket.bind(place);
    }
  }

  private HopFinding taken(Throwable why, OptionalLong holder) {
    HopFinding told = HopFinding.told(PORT, Result.FAILED, String.valueOf(why.getMessage()));
    boolean inUse = why instanceof BindException && told.cure().startsWith("stop");
    if (!inUse) {
      return told;
    }
    Optional<PortOwner> owner = PortOwner.of(config.port());
    if (owner.isEmpty()) {
      return HopFinding.failed(PORT, told.words() + ", by whom is not to be seen", told.cure());
    }
    long pid = owner.get().pid();
    return holder.isPresent() && holder.getAsLong() == pid
        ? HopFinding.ok(
            PORT, "process %d listens, which has the data directory, too".formatted(pid))
        : HopFinding.failed(
            PORT,
            "%s, by process %d (%s)".formatted(told.words(), pid, owner.get().name()),
            told.cure());
  }

  /** Who may write and who may read. */
  public HopFinding tokens() {
    long writing =
        config.tokens().stream().filter(token -> token.role() == TokenRole.INGEST).count();
    long reading = config.tokens().size() - writing;
    String readers = reading == 0 && config.live().anonymous() ? "anybody" : reading + " tokens";
    String words = "for writing %d tokens, for reading %s".formatted(writing, readers);
    if (writing == 0) {
      return HopFinding.notice(
          TOKENS,
          words + ": any program on this machine may write",
          "set INGEST_TOKEN, or a token with role ingest in server.tokens");
    }
    return HopFinding.ok(TOKENS, words);
  }
}
