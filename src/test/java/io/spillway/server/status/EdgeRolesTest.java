package io.spillway.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Fault;
import io.spillway.bus.LastFault;
import io.spillway.bus.RoleState;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is kept of what an edge tells")
class EdgeRolesTest {
  private static final long APART_MS = 1_000;
  private final EdgeRoles roles = new EdgeRoles();

  @Test
  @DisplayName("are the stages of an edge, not those of a server")
  void stages() {
    for (String role : new String[] {"source", "batcher", "uplink", "store", "postgres", "other"}) {
      roles.heard(role(role, "p", "", 0), 0, APART_MS);
    }
    assertThat(roles.all()).hasSize(3);
  }

  @Test
  @DisplayName("is the role in its new process after a restart")
  void restart() {
    roles.heard(role("source", "p1", "", 0), 0, APART_MS);
    roles.heard(role("source", "p2", "", 0), 500, APART_MS);
    assertThat(roles.all()).as("two at a time").hasSize(2);
    roles.heard(role("source", "p3", "", 0), 5_000, APART_MS);
    assertThat(roles.all()).hasSize(1);
  }

  @Test
  @DisplayName("is so many roles at most")
  void many() {
    for (int n = 0; n < 100; n++) {
      roles.heard(role("source", "p" + n, "", 0), 0, APART_MS);
    }
    assertThat(roles.all()).hasSize(EdgeRoles.ROLES_MAX);
  }

  @Test
  @DisplayName("is so much at most, and a role that has grown too large is dropped")
  void large() {
    String words = "x".repeat(400);
    for (String role : new String[] {"source", "batcher", "uplink"}) {
      roles.heard(role(role, "p", words, 16), 0, APART_MS);
    }
    assertThat(roles.all()).as("a full edge, with faults").hasSize(3);
    for (int n = 0; n < 8; n++) {
      roles.heard(role("source", "q" + n, words, 32), 0, APART_MS);
    }
    int few = roles.all().size();
    assertThat(few).isBetween(3, 6);
    roles.heard(role("uplink", "p", words, 120), 0, APART_MS);
    assertThat(roles.all()).hasSize(few - 1);
  }

  private static RoleState role(String role, String process, String words, int counters) {
    Map<String, Long> counts = new TreeMap<>();
    for (int n = 0; n < counters; n++) {
      counts.put("c" + n, 1L);
    }
    Fault fault = Fault.told("other", words);
    return new RoleState(role, "attic", process, fault, 0, 0, counts, new LastFault(fault, 0, 0));
  }
}
