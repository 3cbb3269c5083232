package io.spillway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.spillway.config.Config;
import io.spillway.config.ConfigException;
import io.spillway.config.ServerConfig;
import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The server's port that is looked at")
class PortOwnerTest {
  @TempDir Path dir;

  @Test
  @DisplayName("is that of whoever listens there, as Linux lists it")
  void table() {
    List<String> table =
        List.of(
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:0BBE 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1",
            "   1: 0100007F:0BBE 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1",
            "   2: 0100007F:0BBF 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4713 1",
            "torn");
    assertThat(PortOwner.listening(table, 3006)).containsExactly("socket:[4711]");
    assertThat(PortOwner.listening(table, 80)).isEmpty();
  }

  @Test
  @DisplayName("is free, taken by a process, or taken by the one that has the data, too")
  void taken() throws IOException, ConfigException {
    assumeThat(Path.of("/proc/net/tcp")).exists();
    long own = ProcessHandle.current().pid();
    int port;
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = listener.getLocalPort();
      PortExamination examination = new PortExamination(config(port));
      HopFinding taken = examination.port(OptionalLong.empty());
      assertThat(taken.result()).isEqualTo(Result.FAILED);
      assertThat(taken.words()).contains("127.0.0.1:" + port, "by process " + own);
      assertThat(taken.cure()).contains("server.port (WS_PORT, PORT)");
      assertThat(examination.port(OptionalLong.of(own)).result()).isEqualTo(Result.OK);
    }
    assertThat(new PortExamination(config(port)).port(OptionalLong.empty()).words())
        .isEqualTo("127.0.0.1:" + port + " is free");
  }

  @Test
  @DisplayName("lets anybody of this machine write where there is no token for it, which is told")
  void tokens() throws IOException, ConfigException {
    HopFinding open = new PortExamination(config(3006)).tokens();
    assertThat(open.result()).isEqualTo(Result.NOTICE);
    assertThat(open.words()).startsWith("for writing 0 tokens, for reading 0 tokens");
  }

  private ServerConfig config(int port) throws IOException, ConfigException {
    JsonObject server = new JsonObject().put("host", "127.0.0.1").put("port", port);
    Path file = dir.resolve("conf.json");
    Files.writeString(file, new JsonObject().put("server", server).encode());
    return Config.load(file, dir, Map.of()).config().server();
  }
}
