package io.spillway.config;

import io.spillway.config.Section.Presence;

/**
 * The databases that get what the server stores.
 *
 * @param influx null: none
 * @param postgres null: none
 */
public record SinksConfig(
    @Section(Presence.OPTIONAL) InfluxConfig influx,
    @Section(Presence.OPTIONAL) PostgresConfig postgres) {
  /** No database at all. */
  static final SinksConfig NONE = new SinksConfig(null, null);
}
