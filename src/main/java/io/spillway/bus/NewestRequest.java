package io.spillway.bus;

import io.spillway.message.RecordKey;
import java.util.List;
import java.util.Map;

/**
 * Asks the database for the newest records of all journals that have something in common.
 *
 * @param journal whose offsets are wanted with them
 * @param equal values by name of a member: {@code sensor_id}, {@code enseigne} or {@code salle}
 * @param types any of these; none: all
 * @param fromMs first moment, in milliseconds since 1970, or null
 * @param toMs the moment behind the last, or null
 * @param below only those before this one in time, or null
 * @param maxRecords at least 1
 * @param maxBytes a single longer record comes alone
 */
public record NewestRequest(
    String journal,
    Map<String, String> equal,
    List<String> types,
    Long fromMs,
    Long toMs,
    RecordKey below,
    int maxRecords,
    int maxBytes) {
  public NewestRequest {
    equal = Map.copyOf(equal);
    types = List.copyOf(types);
  }
}
