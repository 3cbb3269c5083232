package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.sink.Destination.Refused;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** InfluxDB has answered, but has not written, and the records are not why. */
final class InfluxTrouble extends Exception {
  private static final long serialVersionUID = 1L;

  private static final String CUT =
      "; its answer is longer than any of InfluxDB's; is it one? check sinks.influx.url";
  private static final Pattern TYPE_CONFLICT =
      Pattern.compile("field type conflict: input field \\\\?\"(.+?)\\\\?\"");

  private final FaultKind kind;

  private InfluxTrouble(FaultKind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  Fault fault() {
    return new Fault(kind, getMessage());
  }

  /** What helps if all is refused: texts were written to a field before, for example. */
  private static String cure(String reason) {
    Matcher conflict = TYPE_CONFLICT.matcher(reason);
    return conflict.find()
        ? "drop or change the type of field " + conflict.group(1) + " there"
        : null;
  }

  /**
   * What an answer means. 400 is a line that cannot be read, a partial write or a field of another
   * type; 413 too large a body; 422 points outside of what the bucket keeps.
   *
   * @param cut the answer was too long to be read to its end
   */
  static Exception of(int status, String reason, boolean cut) {
    return switch (status) {
      case 400, 413, 422 -> new Refused(FaultKind.OTHER, status + " " + reason, cure(reason));
      case 401, 403 ->
          new InfluxTrouble(
              FaultKind.CREDENTIALS,
              status + " " + reason + "; check sinks.influx.token, or username and password");
      case 404 ->
          new InfluxTrouble(
              FaultKind.OTHER,
              status + " " + reason + "; check sinks.influx.database, or org and bucket");
      default -> new InfluxTrouble(FaultKind.OTHER, status + " " + reason + (cut ? CUT : ""));
    };
  }
}
