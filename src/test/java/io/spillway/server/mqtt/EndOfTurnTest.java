package io.spillway.server.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The end of a turn")
class EndOfTurnTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final AtomicInteger done = new AtomicInteger();
  private final EndOfTurn end = new EndOfTurn(channel, done::incrementAndGet);

  @Test
  @DisplayName("is where what was wanted is done, once, and anew in the next")
  void once() {
    end.want();
    end.want();
    assertThat(done).hasValue(0);
    channel.runPendingTasks();
    assertThat(done).hasValue(1);
    channel.runPendingTasks();
    assertThat(done).hasValue(1);
    end.want();
    channel.runPendingTasks();
    assertThat(done).hasValue(2);
  }
}
