package io.spillway.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An authority that nobody knows, and a certificate it has issued for 127.0.0.1 and localhost. */
public final class Certificates {
  private final Path dir;

  /** Makes them in {@code dir} with openssl. */
  public Certificates(Path dir) {
    this.dir = dir;
    try {
      Files.createDirectories(dir);
      Files.writeString(dir.resolve("san"), "subjectAltName=IP:127.0.0.1,IP:::1,DNS:localhost\n");
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    String newKey = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(
        "req -x509 " + newKey + " -keyout ca.key -out ca.pem -days 2 -subj /CN=Spillway-test-CA");
    openssl("req " + newKey + " -keyout server.key -out server.csr -subj /CN=localhost");
    openssl(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2"
            + " -extfile san -out server.pem");
  }

  private void openssl(String arguments) {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ", -1)));
    Proc proc = Proc.run("openssl", dir, Map.of(), command);
    if (proc.exitCode() != 0) {
      throw new AssertionError("openssl " + arguments + ": " + proc.output());
    }
  }

  /** The authority's certificate: what a client must trust. */
  public Path authority() {
    return dir.resolve("ca.pem");
  }

  public Path certificate() {
    return dir.resolve("server.pem");
  }

  public Path key() {
    return dir.resolve("server.key");
  }
}
