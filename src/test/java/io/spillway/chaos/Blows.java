package io.spillway.chaos;

import io.spillway.chaos.Schedule.Blow;
import io.spillway.kit.Broker;
import io.spillway.kit.Proc;
import io.spillway.kit.Spillway;
import io.spillway.kit.TcpProxy;
import io.spillway.kit.TinyDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Does to the world what a blow says, and mends it when its time is over. */
final class Blows {
  private static final int DAY = 86_400;
  private static final int TERM_SECONDS = 60;
  private static final int DELAY_MS_MAX = 1_500;
  private static final int THROTTLE_MAX = 40_000;

  private final World world;

  Blows(World world) {
    this.world = world;
  }

  /** Returns when it is mended. */
  void befall(Blow blow) throws InterruptedException {
    switch (blow.fault().victim) {
      case EDGE -> {
        Station station = world.station(blow.victim());
        process(blow, station.edge, station.disk, station.clock);
      }
      case SERVER -> process(blow, world.server, world.serverDisk, world.serverClock);
      case BROKER -> broker(blow, world.broker);
      case LINK -> {
        String[] name = blow.victim().split(" ", -1);
        Station station = world.station(name[0]);
        link(blow, name[1].equals("uplink") ? station.uplink : station.tap.link());
      }
    }
  }

  private static void pause(Blow blow) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(blow.forMs());
    for (long left = blow.forMs(); left > 0; ) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(left));
      left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    }
  }

  // --- an edge or the server

  private void process(Blow blow, Spillway of, TinyDisk disk, Clock clock) {
    Proc proc = of.proc();
    switch (blow.fault()) {
      case EDGE_KILLED, SERVER_KILLED -> {
        of.kill9();
        pause(blow);
        of.start();
      }
      case EDGE_STOPPED, SERVER_STOPPED -> {
        proc.term().awaitExit(Duration.ofSeconds(TERM_SECONDS));
        pause(blow);
        of.start();
      }
      case EDGE_FROZEN, SERVER_FROZEN -> {
        proc.stop();
        pause(blow);
        proc.cont();
      }
      case EDGE_FROZEN_AND_KILLED -> {
        proc.stop();
        pause(blow);
        of.kill9().start();
      }
      case EDGE_DISK_FULL, SERVER_DISK_FULL -> {
        disk.fill();
        pause(blow);
        disk.empty();
      }
      case EDGE_READ_ONLY, SERVER_READ_ONLY -> limited(blow, proc, "fsize", 0);
      case EDGE_DESCRIPTORS, SERVER_DESCRIPTORS -> limited(blow, proc, "nofile", open(proc) + 1);
      case EDGE_CLOCK, SERVER_CLOCK -> {
        clock.set(new Random(blow.dice()).nextInt(80 * DAY) - 40L * DAY);
        pause(blow);
        clock.set(0);
      }
      case EDGE_TOPICS -> topics(blow, of);
      case SERVER_TOKENS -> {
        of.set("server.tokens", world.tokens(true)).rewrite();
        pause(blow);
        of.set("server.tokens", world.tokens(false)).rewrite();
      }
      case EDGE_REFUSED, SERVER_REFUSED -> {
        write(of.dir().resolve("conf.json"), "{ \"edge\": { \"nam");
        pause(blow);
        of.rewrite();
      }
      default -> throw new IllegalStateException(blow.toString());
    }
  }

  private void topics(Blow blow, Spillway edge) {
    Station station = world.station(blow.victim());
    edge.set("edge.mqtt.topics", station.topics(true)).rewrite();
    pause(blow);
    edge.set("edge.mqtt.topics", station.topics(false)).rewrite();
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** A soft limit of the running process, as long as the blow lasts. */
  private static void limited(Blow blow, Proc proc, String limit, long most) {
    String before =
        run("prlimit", "--pid", "" + proc.pid(), "--" + limit, "--output=SOFT", "--noheadings");
    set(proc, limit, "" + most);
    pause(blow);
    set(proc, limit, before.strip());
  }

  private static void set(Proc proc, String limit, String soft) {
    run("prlimit", "--pid", "" + proc.pid(), "--" + limit + "=" + soft + ":");
  }

  private static long open(Proc proc) {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + proc.pid() + "/fd"))) {
      return open.count();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + output);
      }
      return output;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  // --- the broker

  private static void broker(Blow blow, Broker broker) {
    switch (blow.fault()) {
      case BROKER_KILLED -> {
        broker.proc().kill9();
        pause(blow);
        broker.start();
      }
      case BROKER_STOPPED -> {
        broker.proc().term().awaitExit(Duration.ofSeconds(TERM_SECONDS));
        pause(blow);
        broker.start();
      }
      case BROKER_FROZEN -> {
        broker.proc().stop();
        pause(blow);
        broker.proc().cont();
      }
      default -> throw new IllegalStateException(blow.toString());
    }
  }

  // --- a link

  private static void link(Blow blow, TcpProxy link) {
    Random random = new Random(blow.dice());
    switch (blow.fault()) {
      case RESET -> link.cut();
      case FINISHED -> link.finish();
      case REFUSED -> {
        link.cut();
        pause(blow);
      }
      case HALF_CLOSED -> link.halfClose();
      case TORN -> link.tear();
      case BLACK_HOLE -> link.freeze();
      case BLACK_HOLE_THERE -> link.freeze(true);
      case BLACK_HOLE_BACK -> link.freeze(false);
      case ACKS_LOST -> link.mute();
      case DATA_LOST -> link.deafen();
      case DELAYED -> link.delay(Duration.ofMillis(random.nextInt(DELAY_MS_MAX)));
      case THROTTLED -> link.throttle(1_000 + random.nextInt(THROTTLE_MAX));
      default -> throw new IllegalStateException(blow.toString());
    }
    if (blow.fault() != ChaosFault.RESET && blow.fault() != ChaosFault.FINISHED) {
      pause(blow);
    }
    mend(link, blow.fault() == ChaosFault.ACKS_LOST || blow.fault() == ChaosFault.DATA_LOST);
  }

  /** What was lost on a connection cannot come on it any more. */
  private static void mend(TcpProxy link, boolean lost) {
    if (lost) {
      link.cut();
    }
    link.thaw();
    link.delay(Duration.ZERO);
    link.throttle(0);
    link.mend();
  }
}
