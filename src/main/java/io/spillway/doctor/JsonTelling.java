package io.spillway.doctor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.spillway.hop.HopFinding;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** One object on one line, at the end. */
final class JsonTelling implements Telling {
  private static final int LAST_ASCII = 0x7e; // DEL and what is above come as escapes
  private static final double SECOND_MS = 1_000;

  private final PrintWriter out;
  private final List<Told> told = new ArrayList<>();

  private record Told(HopFinding finding, long tookMs) {}

  JsonTelling(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void tell(HopFinding finding, long tookMs) {
    told.add(new Told(finding, tookMs));
  }

  @Override
  public void end(Diagnosis diagnosis, long tookMs) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setHighestNonEscapedChar(LAST_ASCII);
      json.writeStartObject();
      json.writeStringField("outcome", diagnosis.outcome());
      json.writeNumberField("seconds", tookMs / SECOND_MS);
      json.writeArrayFieldStart("hops");
      for (Told each : told) {
        json.writeStartObject();
        json.writeStringField("hop", each.finding().hop());
        json.writeStringField("result", each.finding().result().text());
        json.writeStringField("words", each.finding().words());
        json.writeStringField("cure", each.finding().cure());
        json.writeNumberField("ms", each.tookMs());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException impossible) { // into memory
      throw new UncheckedIOException(impossible);
    }
    out.println(text);
    out.flush();
  }
}
