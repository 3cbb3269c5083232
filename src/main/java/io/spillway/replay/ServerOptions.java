package io.spillway.replay;

import io.spillway.config.Secret;
import io.spillway.message.Names;
import io.spillway.message.Timestamps;
import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What a command line says of a server. */
final class ServerOptions {
  private static final String TOKEN = "INGEST_TOKEN";
  private static final String NAME_FORM = "[A-Za-z0-9_-]{1,64}";

  @Option(names = "--server", paramLabel = "URL", description = "ws://host:port/ws or wss://…")
  private String server;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "the edge as which it is sent; else: replay")
  private String name;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "a token of role ingest; else " + TOKEN + " of the environment, if it is set")
  private Path tokenFile;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "any secret, of which the key of the epoch is made; else it is made of the token, and the"
              + " source cannot be gone on with under another one")
  private Path keyFile;

  boolean isGiven() {
    return server != null;
  }

  /** Which of them is given although it is for a server; null if none is. */
  String stray() {
    if (name != null) {
      return "--name";
    }
    return tokenFile != null ? "--token-file" : keyFile != null ? "--key-file" : null;
  }

  /**
   * Looks at what is given.
   *
   * @throws IllegalArgumentException with what is wrong, in words that repeat no secret
   */
  void check() {
    url();
    if (!name().matches(NAME_FORM)) {
      throw new IllegalArgumentException(
          "--name: an edge has a name of 1 to 64 letters, digits, _ and -");
    }
    if (Names.isReserved(name())) {
      throw new IllegalArgumentException("--name: a part of the server is called so");
    }
    token();
    secret();
  }

  private String name() {
    return name == null ? "replay" : name;
  }

  private TargetUrl url() {
    try {
      return TargetUrl.server(server);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("--server: " + wrong.getMessage(), wrong);
    }
  }

  private Secret token() {
    if (tokenFile != null) {
      return new Secret(SecretText.of("--token-file", tokenFile));
    }
    String variable = System.getenv(TOKEN);
    return variable == null || variable.isBlank() ? null : new Secret(variable);
  }

  private String secret() {
    if (keyFile != null) {
      return SecretText.of("--key-file", keyFile);
    }
    Secret token = token();
    return token == null ? "" : token.value();
  }

  /** How the lines of this source go. */
  Way way(Vertx vertx, Path caFile, Identity identity, Choice choice) {
    TargetUrl url = url();
    String epoch = identity.epoch(choice);
    String series = name() + '.' + epoch;
    String key = identity.key(name(), choice, secret());
    return new Way(
        new ServerTarget(vertx, url, token(), caFile, name(), epoch, key),
        Shaper.forServer(choice, series, Timestamps.format(TimeSource.SYSTEM.wallMs())),
        null,
        "as " + series + " to " + url.plain());
  }
}
