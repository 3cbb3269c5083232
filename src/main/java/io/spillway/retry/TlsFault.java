package io.spillway.retry;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/** Why TLS with a peer does not come about: the words of the JDK name no cure, and may be none. */
final class TlsFault {
  private TlsFault() {}

  /**
   * @param root what it comes from
   */
  static Fault of(Throwable root, String address, String urlKey, String caKey) {
    return new Fault(FaultKind.TLS, "TLS with " + address + ": " + words(root, urlKey, caKey));
  }

  private static String words(Throwable root, String urlKey, String caKey) {
    String said = String.valueOf(root.getMessage());
    if (root instanceof CertificateExpiredException) {
      return "its certificate has expired; have it renewed there, or set this clock if it is wrong";
    }
    if (root instanceof CertificateNotYetValidException) {
      return "its certificate is not valid yet; set this clock if it is wrong";
    }
    if (root instanceof CertPathBuilderException) {
      return "its certificate is of no authority that is trusted here; for a certificate of your own"
          + " authority set "
          + caKey;
    }
    boolean ofName =
        root instanceof CertificateException
            && (said.startsWith("No name matching") || said.startsWith("No subject alternative"));
    if (ofName) {
      return "its certificate is for another name; put one that it is for into " + urlKey;
    }
    if (root instanceof ClosedChannelException || root.getMessage() == null) {
      return "it closed the connection during the handshake; does it speak TLS? check " + urlKey;
    }
    return said + "; for a certificate of your own authority set " + caKey;
  }
}
