package io.spillway.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.spillway.kit.Await;
import io.spillway.kit.Rabbit;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * What an event of RabbitMQ costs the server, how fast a queue is emptied, and how soon a start of
 * the server is followed by an event.
 */
final class RabbitScenario implements Scenario {
  private static final int[] RATES = {100, 1_000};
  private static final int ROUNDS = 3;
  private static final Duration MEASURE = Times.seconds(8);
  private static final int STARTS = 5;
  private static final int BACKLOG = (int) Times.seconds(50).toMillis();
  private static final String EXCHANGE = "tour_booking_events";
  private static final String KEY = "tour.availability.low";
  private static final List<String> FLAGS =
      List.of("@" + Site.PROJECT + "/scripts/java-flags-server");

  private final Figures figures = new Figures();
  private Channel channel;
  private int published;

  @Override
  public void run(ScenarioReport report) throws Exception {
    try (Site site = Site.in(Site.PROJECT.resolve("target/bench/rabbit"))) {
      Rabbit rabbit = new Rabbit(site).start();
      Spillway server =
          Spillway.server(site)
              .onlyJvm(FLAGS)
              .set("server.live.anonymous", true)
              .set("rabbitmq.url", rabbit.url());
      start(server);
      try (Connection connection = rabbit.connect("/")) {
        channel = connection.createChannel();
        publish(BACKLOG, 0);
        awaitStored(server);
        steady(report, server);
        backlog(report, server);
        first(report, server);
      }
    }
  }

  private void steady(ScenarioReport report, Spillway server) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      for (int rate : RATES) {
        int events = Math.toIntExact(MEASURE.toMillis() * rate / 1_000);
        Duration before = server.proc().cpu();
        publish(events, rate);
        awaitStored(server);
        figures.add("" + rate, micros(server, before, events));
      }
    }
    report.title(
        "CPU per event of RabbitMQ in the server, persistent, with message-id (all rounds)");
    for (int rate : RATES) {
      String name = "" + rate;
      report.row(
          "at %,d/s, µs".formatted(rate),
          "%.0f".formatted(figures.median(name)),
          "[" + figures.spread(name, "%.0f") + "]");
    }
  }

  private void backlog(ScenarioReport report, Spillway server) throws Exception {
    server.terminate();
    publish(BACKLOG, 0);
    start(server);
    Duration before = server.proc().cpu();
    long began = System.nanoTime();
    BenchRoles.await(server, "rabbit", "records", BACKLOG);
    double seconds = (System.nanoTime() - began) / 1e9;
    report.title("A queue of %,d such events, after a start of the server".formatted(BACKLOG));
    report.row("emptied at", "%,.0f/s".formatted((double) BACKLOG / seconds), "");
    report.row("CPU per event, µs", "%.0f".formatted(micros(server, before, BACKLOG)), "");
  }

  /** With the first event the server does for the first time all that an event needs. */
  private void first(ScenarioReport report, Spillway server) throws Exception {
    for (int start = 0; start <= STARTS; start++) {
      server.terminate();
      start(server);
      BlockingQueue<String> seen = new LinkedBlockingQueue<>();
      WebSocket socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(URI.create(server.wsUrl() + "?topics=" + KEY), new Texts(seen))
              .join();
      Await.next(seen); // the greeting
      String id = ".bench-" + published + '#';
      long began = System.nanoTime();
      publish(1, 0);
      while (!Await.next(seen).contains(id)) {}
      double millis = (System.nanoTime() - began) / 1e6;
      if (start > 0) { // else it is the first one for the bench, too
        figures.add("first", millis);
      }
      socket.abort();
    }
    report.title("The first event after a start, from basic.publish to a WebSocket client");
    report.row(
        "on its way, ms",
        "%.0f".formatted(figures.median("first")),
        "[" + figures.spread("first", "%.0f") + "]");
  }

  private record Texts(BlockingQueue<String> seen) implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      seen.add(text.toString());
      return WebSocket.Listener.super.onText(socket, text, last);
    }
  }

  private static void start(Spillway server) {
    server.start();
    server.proc().awaitLine("\\[rabbit\\] consuming", Duration.ofSeconds(60));
  }

  private static double micros(Spillway server, Duration before, int events) {
    return (double) server.proc().cpu().minus(before).toNanos() / 1e3 / events;
  }

  private void awaitStored(Spillway server) throws Exception {
    BenchRoles.await(server, "rabbit", "records", published);
  }

  private void publish(int events, int perSecond) throws IOException {
    long began = System.nanoTime();
    for (int i = 0; i < events; i++) {
      if (perSecond > 0) {
        LockSupport.parkNanos(began + i * 1_000_000_000L / perSecond - System.nanoTime());
      }
      AMQP.BasicProperties properties =
          new AMQP.BasicProperties.Builder()
              .messageId("bench-" + published++)
              .deliveryMode(2)
              .build();
      String body =
          "{\"data\":{\"tourId\":\"7c9e6679\",\"tourTitle\":\"Randonnée Montagne\","
              + "\"availableSeats\":3,\"maxGroupSize\":15,\"threshold\":3},\"n\":"
              + i
              + "}";
      channel.basicPublish(EXCHANGE, KEY, properties, body.getBytes(UTF_8));
    }
  }
}
