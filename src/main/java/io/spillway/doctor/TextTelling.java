package io.spillway.doctor;

import io.spillway.hop.HopFinding;
import io.spillway.message.Printable;
import java.io.PrintWriter;
import java.util.Locale;

/** A line for each hop, what to do below it, and how it is on the whole. */
final class TextTelling implements Telling {
  private static final int HOP_CHARS = 18;
  private static final double SECOND_MS = 1_000;

  private final PrintWriter out;
  private final Marks marks;

  TextTelling(PrintWriter out, Marks marks) {
    this.out = out;
    this.marks = marks;
  }

  @Override
  public void tell(HopFinding finding, long tookMs) {
    String hop = finding.hop();
    String room = " ".repeat(Math.max(1, HOP_CHARS - hop.length()));
    out.println(marks.of(finding.result()) + ' ' + hop + room + Printable.of(finding.words()));
    if (!finding.cure().isEmpty()) {
      out.println("    " + marks.cure() + ' ' + Printable.of(finding.cure()));
    }
    out.flush(); // whoever waits sees where it is
  }

  @Override
  public void end(Diagnosis diagnosis, long tookMs) {
    out.println();
    out.printf(Locale.ROOT, "%s (%.1f s)%n", diagnosis.summary(), tookMs / SECOND_MS);
    out.flush();
  }
}
