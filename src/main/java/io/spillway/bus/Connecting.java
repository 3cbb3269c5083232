package io.spillway.bus;

/**
 * A source is about to send CONNECT.
 *
 * @param broker its address
 * @param clientId which session
 * @param asked the broker has been asked for what follows
 * @param upMs for how long it has been running, as it says; negative if it does not say
 * @param knownMake it is of a make that counts its packet identifiers up
 */
public record Connecting(
    String broker, String clientId, boolean asked, long upMs, boolean knownMake) {

  void encode(WireWriter out) {
    out.text(broker).text(clientId).flag(asked).number(upMs).flag(knownMake);
  }

  static Connecting decode(WireReader in) {
    return new Connecting(in.text(), in.text(), in.flag(), in.number(), in.flag());
  }
}
