package io.spillway.server.pages;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.MimeMapping;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/**
 * One file as it goes out, plain or compressed once and for all. The two have entity tags of their
 * own, as strong ones must (RFC 9110 section 8.8.3.3).
 */
record Page(String contentType, Form plain, Form gzip) {
  /** The bytes in one encoding, and their entity tag. */
  record Form(Buffer bytes, String tag) {}

  static Page of(String path, byte[] bytes) {
    String digest = digest(bytes);
    return new Page(
        contentType(path),
        new Form(Buffer.buffer(bytes), '"' + digest + '"'),
        new Form(Buffer.buffer(compressed(bytes)), '"' + digest + "-gzip\""));
  }

  /** The one to send: compressed if that is wanted, and smaller. */
  Form form(boolean gzipWanted) {
    return isGzip(gzipWanted) ? gzip : plain;
  }

  /** Describes the form that is sent. */
  void describe(HttpServerResponse response, boolean gzipWanted) {
    // Named also when it is none: the server would compress the bytes under the plain one's tag.
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
        .putHeader(HttpHeaders.CONTENT_ENCODING, isGzip(gzipWanted) ? "gzip" : "identity")
        .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
        .putHeader(HttpHeaders.ETAG, form(gzipWanted).tag());
  }

  private boolean isGzip(boolean wanted) {
    return wanted && gzip.bytes().length() < plain.bytes().length();
  }

  private static String contentType(String path) {
    String type = MimeMapping.mimeTypeForFilename(path);
    if (path.endsWith(".js") || path.endsWith(".mjs")) {
      type = "text/javascript"; // RFC 9239 section 6
    }
    if (type == null) {
      return "application/octet-stream";
    }
    return type.startsWith("text/") ? type + "; charset=utf-8" : type;
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException error) {
      throw new IllegalStateException("every Java has SHA-256", error);
    }
  }

  private static byte[] compressed(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return out.toByteArray();
  }
}
