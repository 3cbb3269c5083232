package io.spillway.bench;

import io.spillway.kit.Spillway;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Measurements of indoor air by {@code POST /api/ingest}, a hundred together: of each sensor one a
 * minute by its own time, however fast they are sent.
 */
final class IndoorFeed {
  private static final int BATCH = 100;
  private static final long MINUTE_MS = 60_000;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Spillway server;
  private final int sensors;
  private final long beginsMs = System.currentTimeMillis() - 24 * 60 * MINUTE_MS;
  private long sent;

  IndoorFeed(Spillway server, int sensors) {
    this.server = server;
    this.sensors = sensors;
  }

  /** Sends so many, at a steady rate, or as fast as they are taken with 0. */
  void send(long records, int perSecond) throws IOException, InterruptedException {
    long began = System.nanoTime();
    for (long done = 0; done < records; done += BATCH) {
      if (perSecond > 0) {
        LockSupport.parkNanos(began + done * 1_000_000_000L / perSecond - System.nanoTime());
      }
      post();
    }
  }

  private void post() throws IOException, InterruptedException {
    StringBuilder lines = new StringBuilder(BATCH * 200);
    for (int i = 0; i < BATCH; i++) {
      long minute = sent / sensors;
      long wave = (sent * 7 + minute * 13) % 100;
      lines.append(
          String.format(
              Locale.ROOT,
              "{\"sensor_id\":\"s%d\",\"enseigne\":\"Maison\",\"salle\":\"Bureau\",\"timestamp\":%d,"
                  + "\"co2\":%d,\"pm25\":%d.5,\"tvoc\":0.%02d,\"temperature\":2%d.4,\"humidity\":%d}%n",
              sent % sensors,
              beginsMs + minute * MINUTE_MS,
              500 + wave,
              5 + wave / 20,
              10 + wave / 5,
              wave % 4,
              40 + wave / 10));
      sent++;
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.httpUrl() + "/api/ingest"))
            .header("Authorization", "Bearer " + Spillway.TOKEN)
            .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
            .build();
    int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IOException("answered " + status);
    }
  }
}
