package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Topics that overlap")
class OverlappingTopicsTest {
  @TempDir Path dir;

  @Test
  @DisplayName("are warned of at the start, both of them named")
  void named() throws ConfigException {
    assertThat(warnings("'pws-packet/#','other','pws-packet/+/temp'"))
        .singleElement()
        .asString()
        .startsWith("edge.mqtt.topics: \"pws-packet/#\" and \"pws-packet/+/temp\" overlap;")
        .contains("twice");
  }

  @Test
  @DisplayName("overlap also by a wildcard on either side, or behind $share/group/")
  void eitherSide() throws ConfigException {
    assertThat(warnings("'a/+','+/b'")).hasSize(1);
    assertThat(warnings("'$share/g/a/#','a/b'")).hasSize(1);
  }

  @Test
  @DisplayName("are none when no topic is matched by two of them")
  void apart() throws ConfigException {
    assertThat(warnings("'a/#','b/#','c/d','c/+/d','$SYS/#'")).isEmpty();
  }

  @Test
  @DisplayName("are one line, however many pairs there are")
  void many() throws ConfigException {
    assertThat(warnings("'#','a','b','c','d','e'"))
        .singleElement()
        .asString()
        .contains("\"#\" and \"a\", \"#\" and \"b\", \"#\" and \"c\" and 2 pairs more overlap");
  }

  private List<String> warnings(String topics) throws ConfigException {
    return new Setup(dir).conf("{'edge':{'mqtt':{'topics':[" + topics + "]}}}").load().warnings();
  }
}
