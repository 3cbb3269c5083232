package io.spillway.config;

import java.util.Map;

/**
 * Who may do what.
 *
 * @param name for logs, in place of the secret
 */
public record TokenConfig(String name, Secret secret, TokenRole role) {
  private static final Map<String, TokenRole> ROLES =
      Choices.of("ingest", TokenRole.INGEST, "live", TokenRole.LIVE);

  static TokenConfig from(Section section) throws ConfigException {
    TokenConfig token =
        new TokenConfig(
            section.requiredText("name", EdgeConfig.NAME, EdgeConfig.NAME_ALLOWED),
            section.secret("secret", true),
            section.choice("role", ROLES, null));
    TokenText.check(section, "secret", token.secret);
    section.rejectUnknownKeys();
    return token;
  }
}
