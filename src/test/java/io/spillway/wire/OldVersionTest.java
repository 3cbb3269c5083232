package io.spillway.wire;

import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.BatchMessage;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Reject;
import io.spillway.wire.WireMessage.Status;
import io.spillway.wire.WireMessage.Welcome;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What version 0.1 says")
class OldVersionTest {
  @Test
  @DisplayName("as an edge is understood, and it has no key")
  void edge() throws WireException {
    List<WireMessage> said = decoded(OldTexts.ofEdge());
    assertThat(said.get(0)).isEqualTo(new Hello("edge", "de1e4f96", 1, null, 1, 1, false));
    assertThat(((BatchMessage) said.get(1)).first()).isEqualTo(1);
    assertThat(((Status) said.get(2)).roles()).hasSize(3);
    assertThat(((BatchMessage) said.get(3)).lines().count()).isEqualTo(2);
  }

  @Test
  @DisplayName("as a server is understood")
  void server() throws WireException {
    assertThat(decoded(OldTexts.ofServer()))
        .containsExactly(
            new Welcome(1, 32, 1_000, 1_048_576, 2_000),
            new Reject(2, "not valid JSON: Unexpected end-of-input within/between Object entries"),
            new Ack(4));
  }

  @Test
  @DisplayName("is said still, member by member; what is new stands beside it")
  void sameMembers() throws WireException {
    for (List<String> texts : List.of(OldTexts.ofEdge(), OldTexts.ofServer())) {
      for (String text : texts) {
        JsonObject old = header(text);
        JsonObject now = header(Wire.encode(Wire.decode(utf8(text))));
        if (!old.getString("type").equals("status")) { // of which a server takes what it knows
          assertThat(now).isEqualTo(old);
        }
      }
    }
    JsonObject keyed = header(Wire.encode(new Hello("edge", "de1e4f96", 1, "0f".repeat(16))));
    keyed.remove("key");
    keyed.remove("features");
    assertThat(keyed).isEqualTo(header(OldTexts.ofEdge().get(0)));
  }

  private static JsonObject header(String text) {
    return new JsonObject(text.split("\n", 2)[0]);
  }

  private static List<WireMessage> decoded(List<String> texts) throws WireException {
    List<WireMessage> messages = new ArrayList<>();
    for (String text : texts) {
      messages.add(Wire.decode(utf8(text)));
    }
    return messages;
  }
}
