package io.spillway.config;

/** How a connection to a database is encrypted; the words are those of libpq's sslmode. */
public enum TlsMode {
  /** Never. */
  DISABLE,
  /** If the server can; anybody may be the server. */
  PREFER,
  /** Always; anybody may be the server. */
  REQUIRE,
  /** Always, and the server shows a certificate of a trusted authority for its host name. */
  VERIFY_FULL
}
