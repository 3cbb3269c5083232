package io.spillway.server.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What has become of an upload so far. */
final class UploadTally {
  /** Rejected lines that are named in the answer; the others are only counted. */
  static final int LISTED_MAX = 100;

  private final JsonArray rejected = new JsonArray();
  private long rejectedCount;
  private long stored;
  private long offset;
  private long line;
  private boolean empty = true;

  /** A record of the body is on disk, or it was seen that there is something in it. */
  void stored(int records, long nextOffset) {
    stored += records;
    offset = nextOffset;
    empty = false;
  }

  /** A line is no record. */
  void rejected(long atLine, String reason) {
    rejectedCount++;
    empty = false;
    if (rejected.size() < LISTED_MAX) {
      rejected.add(new JsonObject().put("line", atLine).put("reason", reason));
    }
  }

  /** Everything up to this line is done with. */
  void reached(long lastLine) {
    line = lastLine;
  }

  long stored() {
    return stored;
  }

  long rejectedCount() {
    return rejectedCount;
  }

  /** Whether there was nothing in it but blanks. */
  boolean isEmpty() {
    return empty;
  }

  /** The answer when all is done. */
  JsonObject success() {
    return withRejected(new JsonObject().put("stored", stored)).put("offset", offset);
  }

  /** The answer when the upload has ended early: a client goes on behind {@code line}. */
  JsonObject failure(String error) {
    JsonObject body = new JsonObject().put("error", error).put("stored", stored).put("line", line);
    return rejectedCount == 0 ? body : withRejected(body);
  }

  /** The answer when nothing of it could be stored. */
  JsonObject nothing() {
    JsonObject first = rejected.getJsonObject(0);
    String error =
        "no record in it; line " + first.getLong("line") + ": " + first.getString("reason");
    return withRejected(new JsonObject().put("error", error));
  }

  private JsonObject withRejected(JsonObject body) {
    body.put("rejected", rejected);
    return rejectedCount > rejected.size() ? body.put("rejectedCount", rejectedCount) : body;
  }
}
