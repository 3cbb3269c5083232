package io.spillway.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.hop.HopFinding;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What doctor tells")
class TellingTest {
  private final StringWriter written = new StringWriter();
  private final Diagnosis diagnosis = new Diagnosis();

  private void tell(Telling telling) {
    for (HopFinding finding :
        new HopFinding[] {
          HopFinding.ok("clock", "2026"),
          HopFinding.failed("broker login", "not authorised\u001b[2J", "check the user"),
          HopFinding.skipped("topics", "not looked at: needs broker login")
        }) {
      diagnosis.add(finding);
      telling.tell(finding, 7);
    }
    telling.end(diagnosis, 1_234);
  }

  @Test
  @DisplayName("is a line a hop, the cure below it, and how it is on the whole")
  void text() {
    tell(new TextTelling(new PrintWriter(written), Marks.LETTERS));
    assertThat(written.toString().lines())
        .containsExactly(
            "[ok]     clock             2026",
            "[FAILED] broker login      not authorised\\u001b[2J",
            "    -> check the user",
            "[-]      topics            not looked at: needs broker login",
            "",
            "1 failed, 1 not known, 1 well (1.2 s)");
  }

  @Test
  @DisplayName("is seen at once, hop by hop")
  void atOnce() {
    PrintWriter buffered = new PrintWriter(new java.io.BufferedWriter(written));
    new TextTelling(buffered, Marks.SIGNS).tell(HopFinding.ok("clock", "2026"), 0);
    assertThat(written.toString())
        .isEqualTo("\u2713 clock             2026" + System.lineSeparator());
  }

  @Test
  @DisplayName("is for programs one object on one line of ASCII")
  void json() {
    tell(new JsonTelling(new PrintWriter(written)));
    assertThat(written.toString().lines()).hasSize(1);
    assertThat(written.toString().chars()).allMatch(c -> c < 0x7f);
    JsonObject told = new JsonObject(written.toString());
    assertThat(told.getString("outcome")).isEqualTo("failed");
    JsonObject login = told.getJsonArray("hops").getJsonObject(1);
    assertThat(login.getString("hop")).isEqualTo("broker login");
    assertThat(login.getString("result")).isEqualTo("failed");
    assertThat(login.getString("cure")).isEqualTo("check the user");
    assertThat(login.getInteger("ms")).isEqualTo(7);
  }
}
