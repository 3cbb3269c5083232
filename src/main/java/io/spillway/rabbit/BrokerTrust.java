package io.spillway.rabbit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whose certificates a broker may show. Reads a file: not for an event loop. */
final class BrokerTrust {
  private BrokerTrust() {}

  /**
   * TLS that trusts the authorities in a PEM file.
   *
   * @param caFile null: the authorities of the Java platform
   * @throws IOException if there is no certificate in the file
   */
  static SSLContext in(Path caFile) throws IOException {
    try {
      if (caFile == null) {
        return SSLContext.getDefault();
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store(caFile));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException error) {
      // Without the cause: its message alone does not name the key.
      throw new IOException("rabbitmq.caFile: " + caFile + ": " + error.getMessage());
    }
  }

  private static KeyStore store(Path caFile) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(caFile)) {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (all.isEmpty()) {
        throw new CertificateException("no certificate in it");
      }
      for (Certificate each : all) {
        store.setCertificateEntry("authority-" + store.size(), each);
      }
    }
    return store;
  }
}
