package io.spillway.config;

import java.util.Optional;

/**
 * The databases that get what the server stores.
 *
 * @param influx null: none
 * @param postgres null: none
 */
public record SinksConfig(InfluxConfig influx, PostgresConfig postgres) {
  /** No database at all. */
  static final SinksConfig NONE = new SinksConfig(null, null);

  static SinksConfig from(Section section, boolean withServer) throws ConfigException {
    Optional<Section> influx = section.optional("influx");
    Optional<Section> postgres = section.optional("postgres");
    section.rejectUnknownKeys();
    if (!withServer && (influx.isPresent() || postgres.isPresent())) {
      String key = influx.isPresent() ? "influx" : "postgres";
      throw section.wrong(key, "given without a server", "null where no server runs");
    }
    return new SinksConfig(
        influx.isPresent() ? InfluxConfig.from(influx.get()) : null,
        postgres.isPresent() ? PostgresConfig.from(postgres.get()) : null);
  }
}
