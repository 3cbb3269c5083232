package io.spillway.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A broker that says no, with answers that Mosquitto does not give. */
public final class RefusingBroker implements AutoCloseable {
  private final int connectReturnCode;
  private final ServerSocket listener;

  /**
   * @param connectReturnCode of each CONNACK (MQTT 3.1.1, 3.2.2.3); with 0 it accepts the
   *     connection and refuses each subscription
   */
  public RefusingBroker(int connectReturnCode) {
    this.connectReturnCode = connectReturnCode;
    try {
      listener = new ServerSocket(FreePort.next(), 50, InetAddress.getLoopbackAddress());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    Thread thread = new Thread(this::accept, "refusing-broker");
    thread.setDaemon(true);
    thread.start();
  }

  /** As in {@code edge.mqtt.url}. */
  public String url() {
    return "mqtt://127.0.0.1:" + listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try (Socket client = listener.accept()) {
        serve(client.getInputStream(), client.getOutputStream());
      } catch (IOException gone) {
        // The next one, please.
      }
    }
  }

  private void serve(InputStream in, OutputStream out) throws IOException {
    MqttFrames frames = new MqttFrames();
    byte[] bytes = new byte[4096];
    for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
      frames.feed(bytes, count, packet -> refuse(packet, out));
      if (connectReturnCode != 0) {
        return; // after a refusal the broker closes (3.2.2.3)
      }
    }
  }

  private void refuse(MqttFrames.Packet packet, OutputStream out) {
    byte[] body = packet.body();
    try {
      if (packet.type() == MqttFrames.CONNECT) {
        out.write(new byte[] {0x20, 2, 0, (byte) connectReturnCode});
      } else if (packet.type() == MqttFrames.SUBSCRIBE) {
        out.write(new byte[] {(byte) 0x90, 3, body[0], body[1], (byte) 0x80});
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
