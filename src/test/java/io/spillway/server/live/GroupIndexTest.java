package io.spillway.server.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.spillway.config.RouteConfig;
import io.spillway.server.part.ReceiveBudget;
import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;
import io.spillway.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The groups of clients with the same choice")
class GroupIndexTest {
  private final GroupIndex index = new GroupIndex();
  private final RecordView view =
      new RecordView(List.of(new RouteConfig("alarm/#", "alerts"), new RouteConfig("+/x", "odd")));

  private ClientGroup group(String... topics) {
    ClientGroup group = new ClientGroup(Selection.of(List.of(topics)));
    index.add(group);
    return group;
  }

  private RecordView record(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    assertThat(view.look(bytes, 0, bytes.length, 1)).isTrue();
    return view;
  }

  private List<ClientGroup> found(String json) {
    List<ClientGroup> found = new ArrayList<>();
    index.match(record(json), found::add);
    return found.stream().distinct().toList();
  }

  @Test
  @DisplayName("are found by name, type, filter, route and all")
  void found() {
    ClientGroup all = group("all");
    ClientGroup measurements = group("measurement");
    ClientGroup alerts = group("alerts", "never");
    ClientGroup event = group("tour.availability.low");
    ClientGroup filter = group("a/+", "a/#");
    ClientGroup none = group("other");

    assertThat(found("{\"t\":1}")).containsExactlyInAnyOrder(all, measurements);
    assertThat(found("{\"t\":1,\"_topic\":\"a/b\"}"))
        .containsExactlyInAnyOrder(all, measurements, filter);
    assertThat(found("{\"t\":1,\"_topic\":\"alarm/1\"}")).containsExactlyInAnyOrder(all, alerts);
    assertThat(found("{\"type\":\"alert\",\"_topic\":\"a\"}"))
        .containsExactlyInAnyOrder(all, alerts, filter);
    assertThat(found("{\"type\":\"tour.availability.low\"}")).containsExactlyInAnyOrder(all, event);
    assertThat(found("{\"_topic\":\"other\"}")).containsExactlyInAnyOrder(all, measurements, none);
  }

  @Test
  @DisplayName("are found by nothing once they are taken out")
  void removed() {
    List<ClientGroup> groups =
        List.of(group("all"), group("measurements", "a/#"), group("a/#", "x"));
    groups.forEach(index::remove);
    assertThat(found("{\"_topic\":\"a/x\"}")).isEmpty();
  }

  @Test
  @DisplayName("are those whose choice the record is in, one by one")
  void sameAsSelection() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] names = {"measurements", "alert", "odd", "a", "b/x", "+/x", "a/#", "#", "all", "own"};
    List<ClientGroup> groups = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String one = names[random.nextInt(names.length)];
      groups.add(group(one, names[random.nextInt(names.length)]));
    }
    String[] types = {"", "\"type\":\"alert\",", "\"type\":\"own\",", "\"type\":7,"};
    String[] topics = {"a", "b/x", "alarm/x", "a/b/c", "$SYS/x"};
    for (String type : types) {
      for (String topic : topics) {
        String json = "{" + type + "\"_topic\":\"" + topic + "\"}";
        List<ClientGroup> expected =
            groups.stream().filter(group -> record(json).isIn(group.selection)).toList();
        assertThat(found(json)).as("%s, seed %d", json, seed).hasSameElementsAs(expected);
      }
    }
  }

  @Test
  @DisplayName("take a record once, however many of their topics it is on")
  void once() {
    ClientGroup group = group("a");
    assertThat(group.took(1)).isFalse();
    assertThat(group.took(1)).isTrue();
    assertThat(group.took(2)).isFalse();
  }

  @Test
  @DisplayName("put their parts of a block together")
  void cut() {
    ByteBuf block = Unpooled.copiedBuffer("aabbccdd", UTF_8);
    ClientGroup group = group("a");
    group.take(0, 2);
    group.take(4, 6);
    group.take(6, 8);
    assertThat(group.frames()).isEqualTo(3);
    ByteBuf part = group.cut(block);
    assertThat(part.toString(UTF_8)).isEqualTo("aaccdd");
    part.release();
    group.reset();
    assertThat(group.frames()).isZero();
    for (int i = 0; i < 200; i++) {
      group.take(i % 4 * 2, i % 4 * 2 + 1);
    }
    part = group.cut(block);
    assertThat(part.toString(UTF_8)).isEqualTo("abcd".repeat(50));
    part.release();
    group.reset();
    group.take(2, 4);
    part = group.cut(block);
    assertThat(part.toString(UTF_8)).isEqualTo("bb");
    part.release();
    assertThat(block.refCnt()).isEqualTo(1);
  }

  @Test
  @DisplayName("lose a member without a search, whichever it is")
  void members() {
    ClientGroup group = group("a");
    List<LiveClient> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clients.add(
          new LiveClient(
              null,
              new LiveClient.Admission("peer", 1_024, null, () -> {}),
              group.selection,
              new ReceiveBudget(1 << 20),
              TimeSource.SYSTEM));
      group.add(clients.get(i));
    }
    for (int i : new int[] {1, 4, 0, 3, 2}) {
      group.remove(clients.get(i));
      assertThat(group.members).doesNotContain(clients.get(i));
      for (LiveClient left : group.members) {
        assertThat(group.members.get(left.place)).isSameAs(left);
      }
    }
    assertThat(group.members).isEmpty();
  }
}
