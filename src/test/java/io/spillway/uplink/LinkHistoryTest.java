package io.spillway.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.Loss;
import io.spillway.config.UplinkConfig;
import io.spillway.config.UplinkMode;
import io.spillway.kit.Heard;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("The history of the link")
class LinkHistoryTest {
  private static final String URL = "ws://server";
  private static final Fault GAP = new Fault(FaultKind.OTHER, "the spool begins at 4: hello again");
  private static final Fault CUT = new Fault(FaultKind.CUT, "cut");

  @Test
  @DisplayName("is no outage where a connection only ends for another hello, unless that fails")
  void helloAgain() {
    try (Heard heard = new Heard("history")) {
      LinkHistory history = new LinkHistory(LoggerFactory.getLogger("history"), config());
      history.connected(URL, false);
      for (int record = 0; record < 3; record++) {
        history.helloAgain();
        assertThat(history.down(GAP)).isEqualTo(1);
        assertThat(history.fault().isEmpty()).isTrue();
        history.connected(URL, false);
      }
      history.helloAgain();
      history.down(GAP);
      history.down(CUT);
      history.connected(URL, false);
      assertThat(heard.lines())
          .hasSize(4)
          .startsWith("INFO [uplink] connected to ws://server (acknowledged)", "WARN [uplink] cut")
          .endsWith("INFO [uplink] connected to ws://server (acknowledged)");
    }
  }

  @Test
  @DisplayName("tells what the server has lost while the link is well, with numbers and cure")
  void lost() {
    try (Heard heard = new Heard("history")) {
      LinkHistory history = new LinkHistory(LoggerFactory.getLogger("history"), config());
      history.lost(new Loss("pi.3f9a1c2e", 401, 1, 601, 601));
      assertThat(history.lost()).isEqualTo(200);
      assertThat(history.fault().kind()).isEqualTo(FaultKind.LOST);
      assertThat(history.fault().words())
          .contains("401 to 600 of pi.3f9a1c2e")
          .contains("; put the newer data back");
      assertThat(heard.lines()).singleElement().asString().startsWith("ERROR [uplink] the server");
      history.down(CUT);
      assertThat(history.fault()).isEqualTo(CUT);
    }
  }

  @Test
  @DisplayName("counts a loss once, however often the server says it, and only what is new of it")
  void lostAgain() {
    try (Heard heard = new Heard("history")) {
      LinkHistory history = new LinkHistory(LoggerFactory.getLogger("history"), config());
      for (int welcome = 0; welcome < 3; welcome++) {
        history.lost(new Loss("pi.3f9a1c2e", 401, 1, 601, 601));
      }
      history.lost(new Loss("pi.3f9a1c2e", 501, 1, 551, 601));
      assertThat(history.lost()).isEqualTo(200);
      assertThat(heard.lines()).hasSize(1);

      history.lost(new Loss("pi.3f9a1c2e", 301, 1, 651, 651)); // put back from a still older backup
      assertThat(history.lost()).isEqualTo(350);
      history.lost(new Loss("pi.3f9a1c2e", 701, 1, 711, 711));
      history.lost(new Loss("pi.5c21", 701, 1, 711, 711));
      assertThat(history.lost()).isEqualTo(370);
      history.lost(new Loss("pi.3f9a1c2e", 301, 1, 651, 651)); // and another one came in between
      history.lost(new Loss("pi.3f9a1c2e", 701, 1, 711, 711));
      assertThat(history.lost()).isEqualTo(370);
      assertThat(heard.lines()).hasSize(4);
    }
  }

  @Test
  @DisplayName("says of a loss that it may be more where the spool has let go of more")
  void lostAtLeast() {
    LinkHistory history = new LinkHistory(LoggerFactory.getLogger("history"), config());
    history.lost(new Loss("pi.3f9a1c2e", 401, 1, 601, 700));
    assertThat(history.lost()).isEqualTo(200);
    assertThat(history.fault().words()).contains("401 to 600 at least, and perhaps to 699, of pi");
  }

  private static UplinkConfig config() {
    return new UplinkConfig(
        null,
        null,
        UplinkMode.AUTO,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(15),
        Duration.ofSeconds(1),
        Duration.ofSeconds(30),
        false,
        null);
  }
}
