// Eclipse Paho: lib/paho-mqtt.js, a classic script before the module. MQTT.js, which document 004 loads
// from elsewhere, has no WebJar that can be resolved; at the broker its clients and ours meet.

const CONNECT_S = 10;
const KEEP_ALIVE_S = 60; // browsers wake a hidden page once a minute

const decoder = new TextDecoder();

/**
 * A client of MQTT 3.1.1 that is dialled, and dialled again, by `dial(url)`.
 * @param {string} url under which it keeps what is not settled, so without a token
 * @param {string} id client identifier
 * @param {boolean} session whether the broker keeps a session under it
 * @param {{connected: () => void, failed: () => void, lost: () => void,
 *     arrived: (what: {topic: string, text: string, retained: boolean}) => void,
 *     delivered: (message: Paho.Message, what: {topic: string, text: string}) => void}} told
 */
export function pahoClient(url, id, session, told) {
  const client = new Paho.Client(url, id);
  client.onConnectionLost = told.lost;
  client.onMessageArrived = (message) => told.arrived({ ...plain(message), retained: message.retained });
  client.onMessageDelivered = (message) => told.delivered(message, plain(message));
  client.dial = (address) =>
    client.connect({
      hosts: [address],
      mqttVersion: 4,
      cleanSession: !session,
      keepAliveInterval: KEEP_ALIVE_S,
      timeout: CONNECT_S,
      onSuccess: told.connected,
      onFailure: told.failed,
    });
  return client;
}

// Paho's own decoder throws at bytes that are no UTF-8.
function plain({ destinationName, payloadBytes }) {
  return { topic: destinationName, text: decoder.decode(payloadBytes) };
}
