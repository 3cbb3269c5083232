package io.spillway.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a connection to a database is encrypted; the words are those of libpq's sslmode. */
public enum TlsMode {
  /** Never. */
  @JsonProperty("disable")
  DISABLE,
  /** If the server can; anybody may be the server. */
  @JsonProperty("prefer")
  PREFER,
  /** Always; anybody may be the server. */
  @JsonProperty("require")
  REQUIRE,
  /** Always, and the server shows a certificate of a trusted authority for its host name. */
  @JsonProperty("verify-full")
  VERIFY_FULL
}
