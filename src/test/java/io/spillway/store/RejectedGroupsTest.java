package io.spillway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Heard;
import io.spillway.message.Rejected;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is rejected")
class RejectedGroupsTest {
  private final List<Integer> sizes = new ArrayList<>();
  private final List<Promise<Void>> appends = new ArrayList<>();
  private final RejectedGroups groups = new RejectedGroups(this::append);

  private Future<Void> append(List<Rejected> rejected) {
    Promise<Void> done = Promise.promise();
    sizes.add(rejected.size());
    appends.add(done);
    return done.future();
  }

  private Future<Void> add(int count) {
    return groups.add(Collections.nCopies(count, null));
  }

  @Test
  @DisplayName("shares an append with all that come while another is under way")
  void shared() {
    Future<Void> first = add(1);
    Future<Void> second = add(2);
    Future<Void> third = add(3);
    assertThat(sizes).containsExactly(1);
    appends.get(0).complete();
    assertThat(first.succeeded()).isTrue();
    assertThat(sizes).containsExactly(1, 5);
    assertThat(second.isComplete()).isFalse();
    appends.get(1).complete();
    assertThat(second.succeeded() && third.succeeded()).isTrue();
  }

  @Test
  @DisplayName("goes in groups of at most a thousand, or alone")
  void bounded() {
    add(1);
    add(600);
    add(600);
    add(5_000);
    for (int i = 0; i < 4; i++) {
      appends.get(i).complete();
    }
    assertThat(sizes).containsExactly(1, 600, 600, 5_000);
  }

  @Test
  @DisplayName("is tried alone, each in its turn, if there is no room for all of a group")
  void alone() {
    add(1);
    Future<Void> small = add(2);
    Future<Void> large = add(900);
    Future<Void> last = add(3);
    appends.get(0).complete();
    appends.get(1).fail("full");
    Future<Void> later = add(4);
    appends.get(2).complete();
    appends.get(3).fail("full");
    appends.get(4).complete();
    appends.get(5).complete();
    assertThat(sizes).containsExactly(1, 905, 2, 900, 3, 4);
    assertThat(large.failed()).isTrue();
    assertThat(small.succeeded() && last.succeeded() && later.succeeded()).isTrue();
  }

  @Test
  @DisplayName("holds up nobody else where one of those that wait for it fails")
  void listenerFails() {
    add(1);
    Future<Void> bad = add(2);
    bad.onComplete(
        done -> {
          throw new IllegalStateException("a bug");
        });
    Future<Void> sameGroup = add(3);
    appends.get(0).complete();
    Future<Void> next = add(4);
    try (Heard heard = new Heard(RejectedGroups.class.getName())) {
      appends.get(1).complete();
      assertThat(heard.lines()).singleElement().asString().startsWith("ERROR");
    }
    assertThat(sameGroup.succeeded()).isTrue();
    assertThat(sizes).containsExactly(1, 5, 4);
    appends.get(2).complete();
    assertThat(next.succeeded()).isTrue();
  }
}
