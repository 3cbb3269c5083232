package io.spillway.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of X.509 certificates in the textual encoding of RFC 7468. Text around them counts for
 * nothing, as section 2 has it. Who connects reads the file anew, and would say what is wrong with
 * it in the words of a library, without the key and for ever.
 */
public final class PemFile {
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*(-----END CERTIFICATE-----)?");

  private PemFile() {}

  /** Why nobody can be trusted by it, in words; empty if somebody can. Blocks. */
  public static String fault(Path file) {
    try {
      check(file);
      return "";
    } catch (Unusable error) {
      return error.found() + (error.allowed() == null ? "" : "; it is " + error.allowed());
    }
  }

  /** Refuses a file without a certificate, or with one that cannot be understood. Blocks. */
  static void check(Path file) throws Unusable {
    int count = 0;
    try {
      // Of the text around them it does not matter what it is encoded in.
      Matcher found =
          CERTIFICATE.matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      while (found.find()) {
        count++;
        byte[] block = found.group().getBytes(StandardCharsets.US_ASCII);
        factory.generateCertificate(new ByteArrayInputStream(block));
      }
    } catch (CertificateException error) {
      throw new Unusable(file + ", whose certificate " + count + " cannot be understood", null);
    } catch (IOException error) {
      throw new Unusable(file + ", which cannot be read", null);
    }
    if (count == 0) {
      throw new Unusable(
          file + ", without a certificate",
          "a PEM file, with certificates between -----BEGIN CERTIFICATE----- and -----END"
              + " CERTIFICATE-----");
    }
  }
}
