package io.spillway.iaq;

import io.spillway.message.Lines;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A record made from a measurement, without the members that say of which sensor.
 *
 * @param id {@code _id}: {@code iaq.<offset of the measurement>.<what>}; the same whenever the same
 *     measurement is looked at again
 * @param members in the order in which they are written
 */
record Derived(String id, Map<String, Object> members) {
  private static final String PREFIX = "iaq.";
  private static final MathContext SIX_DIGITS = new MathContext(6);

  /** The identity of what follows from the measurement at an offset. */
  static String id(long offset, String what) {
    return PREFIX + offset + '.' + what;
  }

  /** As they are stored, {@code _id} at the end, where it is looked for. */
  static Lines lines(List<Derived> records) {
    Lines.Builder lines = new Lines.Builder(records.size() * 400);
    for (Derived record : records) {
      Map<String, Object> members = new LinkedHashMap<>(record.members());
      members.put("_id", record.id());
      byte[] json = new JsonObject(members).encode().getBytes(StandardCharsets.UTF_8);
      lines.add(json, 0, json.length);
    }
    return lines.build();
  }

  /** A number as records show it: to six digits, without decimal places where there are none. */
  static Number rounded(double value) {
    double rounded = new BigDecimal(value).round(SIX_DIGITS).doubleValue();
    if (rounded == Math.rint(rounded)) {
      return (long) rounded;
    }
    return rounded;
  }
}
