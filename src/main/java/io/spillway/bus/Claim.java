package io.spillway.bus;

import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageConsumerOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * That one role alone answers an address. The bus deals requests out among all that answer, so a
 * second one would get half of them: it has to be noticed before.
 *
 * <p>Who claims an address answers there who he is, and then asks. He gives way to whoever has it
 * already; of two that begin at the same moment the one with the greater id gives way, and the
 * other asks again until that has happened. Somebody who does not answer is not there any more: of
 * a process that was killed the cluster may know for a while.
 */
final class Claim {
  private static final long ANSWER_WITHIN_MS = 2_000;

  /** The bus deals in turn: with so many questions each of those who are there is asked. */
  private static final int QUESTIONS = 3;

  private static final long AGAIN_AFTER_MS = 200;
  private static final int ROUNDS = 50;

  private final Vertx vertx;
  private final String address;
  private final boolean local;
  private final String id = UUID.randomUUID().toString();
  private boolean settled;

  /** Who has an address. */
  private record Holder(boolean settled, String id, String where) {
    static Holder parse(String text) {
      String[] parts = text.split(" ", 3);
      return new Holder(parts[0].equals("settled"), parts[1], parts[2]);
    }

    @Override
    public String toString() {
      return (settled ? "settled " : "begins ") + id + ' ' + where;
    }
  }

  Claim(Vertx vertx, String address, boolean local) {
    this.vertx = vertx;
    this.address = address;
    this.local = local;
  }

  /** Succeeds if nobody else answers the address; fails with who does. */
  Future<Void> make() {
    MessageConsumerOptions options =
        new MessageConsumerOptions().setAddress(whoAddress()).setLocalOnly(local);
    return Blocking.run(vertx, Claim::here)
        .compose(
            here -> {
              MessageConsumer<String> answers =
                  vertx
                      .eventBus()
                      .consumer(
                          options, asked -> asked.reply(new Holder(settled, id, here).toString()));
              return answers
                  .completion()
                  .compose(registered -> ask(ROUNDS))
                  .onSuccess(alone -> settled = true)
                  .recover(
                      taken -> answers.unregister().transform(gone -> Future.failedFuture(taken)));
            });
  }

  private String whoAddress() {
    return address + ".who";
  }

  private Future<Void> ask(int rounds) {
    List<Future<Holder>> questions = new ArrayList<>();
    for (int i = 0; i < QUESTIONS; i++) {
      questions.add(question());
    }
    return Future.all(questions)
        .compose(
            answered -> {
              List<Holder> others = answered.<Holder>list().stream().filter(this::isOther).toList();
              Optional<Holder> first = others.stream().filter(this::comesFirst).findFirst();
              if (first.isPresent() || (rounds == 0 && !others.isEmpty())) {
                return Future.failedFuture(taken(first.orElseGet(() -> others.get(0))));
              }
              return others.isEmpty()
                  ? Future.succeededFuture()
                  : vertx.timer(AGAIN_AFTER_MS).compose(later -> ask(rounds - 1));
            });
  }

  private boolean isOther(Holder holder) {
    return holder != null && !holder.id().equals(id);
  }

  private boolean comesFirst(Holder other) {
    return other.settled() || other.id().compareTo(id) < 0;
  }

  /** Who answers; null if nobody does. */
  private Future<Holder> question() {
    DeliveryOptions options =
        new DeliveryOptions().setSendTimeout(ANSWER_WITHIN_MS).setLocalOnly(local);
    return vertx
        .eventBus()
        .<String>request(whoAddress(), "", options)
        .map(answer -> Holder.parse(answer.body()))
        .otherwise((Holder) null);
  }

  private AddressTakenException taken(Holder other) {
    return new AddressTakenException(
        "%s is answered already by %s; one edge has one spool and one uplink: give each edge its own"
                .formatted(address, other.where())
            + " edge.name, or leave the part out here");
  }

  /** Blocking: a name may have to be looked up. */
  private static String here() {
    String process = "process " + ProcessHandle.current().pid();
    try {
      return process + " on " + InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return process + " on a host without a name";
    }
  }
}
