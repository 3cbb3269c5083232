package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.chaos.Chaos;
import io.spillway.chaos.Options;
import io.spillway.kit.BrokerKind;
import io.spillway.kit.Site;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A short run of {@code make chaos}: all of it works, and two minutes of faults break nothing. */
@DisplayName("Under chaos")
class ChaosIT {
  private static final long SEED = 1;

  @Test
  @DisplayName("every promise is kept")
  void twoMinutes() throws Exception {
    Site.needsRoot();
    Options options = new Options(SEED, 2, 2, BrokerKind.MOSQUITTO, null, false);
    assertThat(Chaos.run(options, Site.PROJECT.resolve("target/chaos/it")).isGood()).isTrue();
  }
}
