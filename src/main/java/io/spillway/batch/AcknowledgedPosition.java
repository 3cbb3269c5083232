package io.spillway.batch;

import io.spillway.journal.Damages;
import io.spillway.journal.JournalFailure;
import io.spillway.journal.StateFile;
import io.spillway.journal.StateFile.Content;
import io.spillway.worker.Blocking;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the server had acknowledged, and how far numbers had been given out, in {@code
 * acknowledged} beside the spool. Written now and then: it may be behind. The first is a hint that
 * spares a server without acknowledgements repetitions; the second shows a spool that is shorter
 * than it was, and must not give numbers out again.
 */
final class AcknowledgedPosition {
  private static final Logger log = LoggerFactory.getLogger(AcknowledgedPosition.class);
  private static final long SAVE_AFTER_MS = 1_000;
  static final String FILE = "acknowledged";

  /**
   * What the file says.
   *
   * @param of whose numbers they are; null in a file of version 0.1
   * @param acknowledged below it the server had everything
   * @param end the lowest number that had not been given out
   * @param assured below it a server had everything, as it had said itself: the other numbers may
   *     have been read without a word, dropped or set aside; 1 if none had
   */
  record Saved(SpoolIdentity of, long acknowledged, long end, long assured) {
    /** Of one that no server has said anything to. */
    Saved(SpoolIdentity of, long acknowledged, long end) {
      this(of, acknowledged, end, 1);
    }
  }

  private final Path file;
  private final SpoolIdentity identity;
  private final LongConsumer noted;
  private volatile long acknowledged;
  private volatile long end;
  private volatile long assured;
  private boolean due;
  private boolean closed;

  AcknowledgedPosition(Path dir, SpoolIdentity identity) {
    this(dir, identity, acknowledged -> {});
  }

  /**
   * The same, of a spool that lets go of what is acknowledged.
   *
   * @param noted told up to where that is on disk, and only then: so after a crash nothing is gone
   *     of which the file does not say who has it. On a disk that takes nothing it is told as well,
   *     for what goes makes room. On any thread
   */
  AcknowledgedPosition(Path dir, SpoolIdentity identity, LongConsumer noted) {
    file = dir.resolve(FILE);
    this.identity = identity;
    this.noted = noted;
  }

  /**
   * What the file says; empty if there is none that is whole. Blocking.
   *
   * @param olderToo whether it may be one of version 0.1, a number and nothing else
   */
  static Optional<Content<Saved>> read(Path dir, boolean olderToo, Damages damages)
      throws IOException {
    return StateFile.read(
        dir.resolve(FILE),
        AcknowledgedPosition::parse,
        olderToo,
        "the server says where to go on",
        damages);
  }

  private static Saved parse(String text) {
    if (!text.startsWith("{")) {
      return new Saved(null, Long.parseLong(text.strip()), 1);
    }
    JsonObject json = new JsonObject(text);
    SpoolIdentity of = new SpoolIdentity(json.getString("edge"), json.getString("epoch"));
    return new Saved(of, json.getLong("next"), json.getLong("end"), json.getLong("assured", 1L));
  }

  /** Will be saved soon. */
  void changed(Vertx vertx, long nowAcknowledged, long nowEnd, long nowAssured) {
    acknowledged = nowAcknowledged;
    end = nowEnd;
    assured = nowAssured;
    if (!due) {
      due = true;
      vertx.setTimer(
          SAVE_AFTER_MS,
          timer -> {
            due = false;
            Blocking.runBeside(vertx, this::saveLatest)
                .onFailure(
                    error -> log.debug("[spool] not noted: {}", JournalFailure.words(error)));
          });
    }
  }

  private synchronized Void saveLatest() throws IOException {
    if (!closed) {
      long upTo = acknowledged;
      try {
        save(upTo, end, assured);
      } finally {
        noted.accept(upTo);
      }
    }
    return null;
  }

  /** Saved for the last time. Blocking. */
  synchronized void close(long nowAcknowledged, long nowEnd, long nowAssured) throws IOException {
    if (!closed) {
      save(nowAcknowledged, nowEnd, nowAssured);
      noted.accept(nowAcknowledged);
      closed = true;
    }
  }

  /** The same for an epoch of which no server has said anything. */
  void save(long nowAcknowledged, long nowEnd) throws IOException {
    save(nowAcknowledged, nowEnd, 1);
  }

  /** On disk when this returns. Blocking. */
  synchronized void save(long nowAcknowledged, long nowEnd, long nowAssured) throws IOException {
    JsonObject json =
        new JsonObject()
            .put("edge", identity.edge())
            .put("epoch", identity.epoch())
            .put("next", nowAcknowledged)
            .put("end", nowEnd)
            .put("assured", nowAssured);
    StateFile.write(file, json.encode());
  }
}
