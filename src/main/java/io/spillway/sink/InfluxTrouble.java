package io.spillway.sink;

import io.netty.handler.codec.DecoderException;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.sink.Destination.Refused;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** InfluxDB has answered, but has not written, and the records are not why. */
final class InfluxTrouble extends Exception {
  private static final long serialVersionUID = 1L;

  private static final String CUT =
      "; its answer is longer than any of InfluxDB's; is it one? check sinks.influx.url";

  private static final String WHO = "see what answers so at sinks.influx.url";

  private static final Pattern TYPE_CONFLICT =
      Pattern.compile("field type conflict: input field \\\\?\"(.+?)\\\\?\"");

  /** What InfluxDB says of points that it will never take, whatever else there is. */
  private static final Pattern OF_POINTS =
      Pattern.compile("unable to parse '|beyond retention|outside retention");

  private final FaultKind kind;

  private InfluxTrouble(FaultKind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  Fault fault() {
    return new Fault(kind, getMessage());
  }

  /**
   * What an answer means. 400 is a line that cannot be read, a partial write or a field of another
   * type; 413 too large a body; 422 points outside of what the bucket keeps. Whoever answers may as
   * well mean all that it is sent, a proxy for one.
   *
   * @param cut the answer was too long to be read to its end
   */
  static Exception of(int status, String reason, boolean cut) {
    return switch (status) {
      case 400, 413, 422 ->
          OF_POINTS.matcher(reason).find() && !cut
              ? new Refused(status + " " + reason)
              : new Refused(FaultKind.OTHER, status + " " + reason, cure(status, reason));
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

  /**
   * Whether there was an answer, and its head or the parts of its body are not what HTTP has.
   *
   * @param error with which a request has failed whose connection stood
   */
  static boolean isUnreadable(Throwable error) {
    boolean isOfHttp = false;
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof IOException) { // of TLS, too, though it is in one of decoding
        return false;
      }
      isOfHttp |= at instanceof DecoderException || at instanceof IllegalArgumentException;
    }
    return isOfHttp;
  }

  /**
   * Of an answer without a status that can be read. InfluxDB repeats in the head what it does not
   * take: so it may be for what is in one record. If it is for something else in its place, no
   * record is taken, and none set aside.
   */
  static Refused unreadable() {
    return new Refused(
        FaultKind.OTHER,
        "the head of its answer is no HTTP, or has what HTTP does not let be there",
        WHO);
  }

  /** What helps if all is refused: texts were written to a field before, for example. */
  private static String cure(int status, String reason) {
    Matcher conflict = TYPE_CONFLICT.matcher(reason);
    if (conflict.find()) {
      return "drop or change the type of field " + conflict.group(1) + " there";
    }
    return status == 413 ? "raise the limit of a request's size there" : WHO;
  }
}
