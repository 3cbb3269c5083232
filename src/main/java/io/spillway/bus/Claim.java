package io.spillway.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageConsumerOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/**
 * That one role alone answers an address. The bus deals requests out among all that answer, so a
 * second one would get half of them: it has to be noticed before.
 *
 * <p>Who claims an address answers there who he is, and then asks. He gives way to whoever has it
 * already, and of two that begin at the same moment the one with the greater id does. Somebody who
 * does not answer is not there any more: of a process that was killed the cluster may know for a
 * while.
 */
final class Claim {
  private static final long ANSWER_WITHIN_MS = 2_000;

  /** The bus deals in turn: with so many questions each of those who are there is asked. */
  private static final int QUESTIONS = 3;

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
    return vertx
        .executeBlocking(Claim::here)
        .compose(
            here -> {
              MessageConsumer<String> answers =
                  vertx
                      .eventBus()
                      .consumer(
                          options, asked -> asked.reply(new Holder(settled, id, here).toString()));
              return answers
                  .completion()
                  .compose(registered -> ask())
                  .onSuccess(alone -> settled = true)
                  .recover(
                      taken -> answers.unregister().transform(gone -> Future.failedFuture(taken)));
            });
  }

  private String whoAddress() {
    return address + ".who";
  }

  private Future<Void> ask() {
    Future<Void> all = Future.succeededFuture();
    for (int i = 0; i < QUESTIONS; i++) {
      Future<Void> answered = question();
      all = all.compose(before -> answered);
    }
    return all;
  }

  private Future<Void> question() {
    DeliveryOptions options =
        new DeliveryOptions().setSendTimeout(ANSWER_WITHIN_MS).setLocalOnly(local);
    return vertx
        .eventBus()
        .<String>request(whoAddress(), "", options)
        .map(Message::body)
        .otherwise((String) null)
        .compose(this::judge);
  }

  private Future<Void> judge(String answer) {
    if (answer == null) {
      return Future.succeededFuture();
    }
    Holder other = Holder.parse(answer);
    boolean mine = other.id().equals(id);
    return mine || !(other.settled() || other.id().compareTo(id) < 0)
        ? Future.succeededFuture()
        : Future.failedFuture(
            new AddressTakenException(
                "%s is answered already by %s; one edge has one spool and one uplink: give each"
                        .formatted(address, other.where())
                    + " edge its own edge.name, or leave the part out here"));
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
