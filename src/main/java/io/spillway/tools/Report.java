package io.spillway.tools;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.spillway.message.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The outcome of a check, for people or for machines. */
final class Report {
  private static final String ROW = "%-20s %-10s %12s %12s %12s %8s %8s %10s %12s%n";

  private static final int LAST_ASCII = 0x7e; // DEL and what is above come as escapes

  private final SequenceAudit audit;
  private final Duration took;

  Report(SequenceAudit audit, Duration took) {
    this.audit = audit;
    this.took = took;
  }

  /** A summary, a row for each edge and epoch, the faults one a line, and the verdict. */
  void text(PrintWriter out) {
    double megabytes = audit.bytes / 1e6;
    double seconds = Math.max(took.toMillis(), 1) / 1000.0;
    print(
        out,
        "%,d records in %d files, %.1f MB in %.1f s (%.0f MB/s)%n",
        audit.records,
        audit.files,
        megabytes,
        seconds,
        megabytes / seconds);
    printIfAny(out, "%,d records without _id, from plain clients: not checked%n", audit.withoutId);
    printIfAny(out, "%,d records with an _id of another form: not checked%n", audit.foreignId);
    lines(out, audit.notes);
    if (!audit.sequences.isEmpty()) {
      table(out);
    }
    faults(out);
    out.println(audit.isClean() ? "clean" : "FAULTY");
    out.flush();
  }

  private void table(PrintWriter out) {
    out.println();
    print(
        out,
        ROW,
        "edge",
        "epoch",
        "first",
        "last",
        "records",
        "gaps",
        "missing",
        "duplicates",
        "out of order");
    sorted()
        .forEach(
            (series, of) ->
                print(
                    out,
                    ROW,
                    Printable.of(edge(series)),
                    Printable.of(epoch(series)),
                    of.first(),
                    of.last(),
                    of.records(),
                    dashForNone(of.gaps()),
                    dashForNone(of.missing()),
                    dashForNone(of.duplicates()),
                    dashForNone(of.outOfOrder())));
    out.println();
  }

  private void faults(PrintWriter out) {
    sorted()
        .forEach(
            (series, of) -> {
              if (of.gaps() > 0) {
                print(
                    out,
                    "%s: missing %s%s%n",
                    Printable.of(series),
                    list(of.firstGaps()),
                    of.gaps() > of.firstGaps().size() ? ", …" : "");
              }
              if (of.unplaced() > 0) {
                print(
                    out,
                    "%s: too many gaps to remember: %,d records came too late to tell whether they"
                        + " are duplicates or fill a gap%n",
                    Printable.of(series),
                    of.unplaced());
              }
            });
    printIfAny(
        out,
        "%,d records of further edges not checked: too many edges and gaps to" + " remember%n",
        audit.unchecked);
    printIfAny(out, "%,d torn lines%n", audit.torn);
    lines(out, audit.tornLines);
    if (audit.torn > audit.tornLines.size()) {
      out.println("…");
    }
    lines(out, audit.problems);
  }

  private static void lines(PrintWriter out, List<String> lines) {
    lines.forEach(line -> out.println(Printable.of(line)));
  }

  /** One object on one line. */
  void json(PrintWriter out) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.setHighestNonEscapedChar(LAST_ASCII);
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeBooleanField("clean", audit.isClean());
      json.writeNumberField("files", audit.files);
      json.writeNumberField("bytes", audit.bytes);
      json.writeNumberField("seconds", took.toMillis() / 1000.0);
      json.writeNumberField("records", audit.records);
      json.writeNumberField("withoutId", audit.withoutId);
      json.writeNumberField("foreignId", audit.foreignId);
      json.writeNumberField("unchecked", audit.unchecked);
      json.writeNumberField("torn", audit.torn);
      texts(json, "tornLines", audit.tornLines);
      texts(json, "problems", audit.problems);
      texts(json, "notes", audit.notes);
      json.writeArrayFieldStart("edges");
      for (Map.Entry<String, Sequence> entry : sorted().entrySet()) {
        edge(json, entry.getKey(), entry.getValue());
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    out.println();
    out.flush();
  }

  private static void edge(JsonGenerator json, String series, Sequence of) throws IOException {
    json.writeStartObject();
    json.writeStringField("edge", edge(series));
    json.writeStringField("epoch", epoch(series));
    json.writeNumberField("first", of.first());
    json.writeNumberField("last", of.last());
    json.writeNumberField("records", of.records());
    json.writeNumberField("gaps", of.gaps());
    json.writeNumberField("missing", of.missing());
    texts(json, "firstGaps", of.firstGaps().stream().map(Sequence.Range::toString).toList());
    json.writeNumberField("duplicates", of.duplicates());
    json.writeNumberField("outOfOrder", of.outOfOrder());
    json.writeNumberField("unplaced", of.unplaced());
    json.writeEndObject();
  }

  private static void texts(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private Map<String, Sequence> sorted() {
    return new TreeMap<>(audit.sequences);
  }

  private static String edge(String series) {
    return series.substring(0, series.lastIndexOf('.'));
  }

  private static String epoch(String series) {
    return series.substring(series.lastIndexOf('.') + 1);
  }

  private static String list(List<Sequence.Range> ranges) {
    return String.join(", ", ranges.stream().map(Sequence.Range::toString).toList());
  }

  private static String dashForNone(long count) {
    return count == 0 ? "-" : Long.toString(count);
  }

  private static void printIfAny(PrintWriter out, String format, long count) {
    if (count > 0) {
      print(out, format, count);
    }
  }

  private static void print(PrintWriter out, String format, Object... values) {
    out.printf(Locale.ROOT, format, values);
  }
}
