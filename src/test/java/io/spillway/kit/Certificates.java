package io.spillway.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority that nobody knows, and a certificate it has issued for 127.0.0.1 and localhost. */
public final class Certificates {
  private static final String STORE_PASSWORD = "changeit";

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

  /** For a client that trusts the authority, and no other. */
  public SSLContext trusting() {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException error) {
      throw new AssertionError(error);
    }
  }

  /** The flags with which a JVM trusts the authority, and no other. */
  public String[] jvmTrusting() {
    Path file = dir.resolve("trust.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store().store(out, STORE_PASSWORD.toCharArray());
    } catch (IOException | GeneralSecurityException error) {
      throw new AssertionError(error);
    }
    return new String[] {
      "-Djavax.net.ssl.trustStore=" + file, "-Djavax.net.ssl.trustStorePassword=" + STORE_PASSWORD
    };
  }

  private KeyStore store() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(authority())) {
      store.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    return store;
  }

  public Path certificate() {
    return dir.resolve("server.pem");
  }

  public Path key() {
    return dir.resolve("server.key");
  }
}
