package io.spillway.tools;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;

/** What became of every number, as one JSON object on one line. */
final class LedgerJson {
  private static final int LAST_ASCII = 0x7e; // DEL and what is above come as escapes
  private static final int RANGES_SHOWN = 100;

  private final LedgerBook book;
  private final LedgerReport report;

  LedgerJson(LedgerBook book, LedgerReport report) {
    this.book = book;
    this.report = report;
  }

  void print(PrintWriter out, double seconds) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.setHighestNonEscapedChar(LAST_ASCII);
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeStringField("outcome", report.outcome().name().toLowerCase(Locale.ROOT));
      json.writeNumberField("files", book.files);
      json.writeNumberField("bytes", book.bytes);
      json.writeNumberField("seconds", seconds);
      json.writeNumberField("records", book.records);
      json.writeNumberField("withoutSequence", book.withoutSequence);
      json.writeNumberField("unchecked", book.unchecked);
      ranges(json, "noOffsets", book.noOffsets);
      texts(json, "openEnds", book.openEnds);
      json.writeObjectFieldStart("beyondSpool");
      for (Map.Entry<String, Numbers> entry : book.beyondSpool.entrySet()) {
        ranges(json, entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      texts(json, "problems", book.problems);
      texts(json, "notes", book.notes);
      suspected(json);
      json.writeArrayFieldStart("epochs");
      for (Map.Entry<String, EpochProof> entry : report.proofs().entrySet()) {
        epoch(json, entry.getKey(), entry.getValue());
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    out.println();
    out.flush();
  }

  private void epoch(JsonGenerator json, String series, EpochProof of) throws IOException {
    EpochBook epoch = book.epochs.get(series);
    json.writeStartObject();
    json.writeStringField("edge", LedgerBook.edge(series));
    json.writeStringField("epoch", LedgerBook.epoch(series));
    json.writeBooleanField("spool", report.hasSpool(series));
    json.writeNumberField("given", of.given() - 1);
    ranges(json, "stored", of.stored());
    ranges(json, "setAside", of.setAside());
    ranges(json, "dropped", of.dropped());
    ranges(json, "droppedUnderWay", epoch.underWay(of));
    ranges(json, "waiting", of.waiting());
    ranges(json, "claimed", of.claimed());
    json.writeNumberField("claimedTwice", epoch.claimedTwice());
    ranges(json, "deleted", of.deleted());
    ranges(json, "unknown", of.unknown());
    ranges(json, "missing", of.missing());
    json.writeNumberField("storedAndHeld", of.storedAndHeld());
    ranges(json, "acknowledgedAndHeld", of.acknowledgedAndHeld());
    json.writeNumberField("storedTwice", epoch.storedTwice());
    json.writeNumberField("storedLate", epoch.storedLate());
    json.writeNumberField("unplaced", epoch.unplaced());
    json.writeNumberField("twiceInSpool", epoch.twiceInSpool());
    json.writeNumberField("differing", epoch.contents().differing());
    json.writeNumberField("firstDiffering", epoch.contents().firstDiffering());
    json.writeNumberField("notCompared", epoch.contents().left());
    json.writeObjectFieldStart("reasons");
    for (Map.Entry<String, Long> reason : epoch.reasons()) {
      json.writeNumberField(reason.getKey(), reason.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  /** How many, and the lowest ranges, first and last of each. */
  private static void ranges(JsonGenerator json, String name, Numbers numbers) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", numbers.count());
    json.writeArrayFieldStart("ranges");
    for (Sequence.Range range : numbers.ranges().stream().limit(RANGES_SHOWN).toList()) {
      json.writeArray(new long[] {range.first(), range.last()}, 0, 2);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void suspected(JsonGenerator json) throws IOException {
    SuspectedDuplicates of = book.suspected;
    json.writeObjectFieldStart("suspectedDuplicates");
    json.writeNumberField("count", of.count());
    json.writeNumberField("looked", of.looked());
    json.writeNumberField("untold", of.untold());
    json.writeNumberField("older", of.older());
    json.writeArrayFieldStart("pairs");
    for (SuspectedDuplicates.Pair pair : of.shown()) {
      json.writeStartObject();
      json.writeStringField("series", pair.series());
      json.writeNumberField("seq", pair.seq());
      json.writeNumberField("earlier", pair.earlier());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void texts(JsonGenerator json, String name, Collection<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
