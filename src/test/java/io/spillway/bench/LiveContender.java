package io.spillway.bench;

import io.spillway.kit.Proc;
import java.net.URI;

/**
 * A server that takes records and gives them to whoever watches.
 *
 * @param url of its WebSocket
 * @param collector makes it collect its garbage
 */
record LiveContender(
    String name, Proc proc, String url, String ingestToken, String liveToken, Runnable collector) {

  /** Where a client connects that wants these topics. */
  URI live(String topics) {
    return URI.create(url + "?topics=" + topics + "&token=" + liveToken);
  }

  /** Where records are brought. */
  URI ingest() {
    return URI.create(url + "?token=" + ingestToken);
  }

  /** CPU used so far, in µs. */
  double cpuMicros() {
    return proc.cpu().toNanos() / 1e3;
  }
}
