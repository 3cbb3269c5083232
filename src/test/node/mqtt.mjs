// MQTT.js over a WebSocket, as a browser uses it, told on standard input what to do; prints what happens.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import mqtt from 'mqtt';
import WebSocket from 'ws';

const [url, settings = '{}'] = process.argv.slice(2);
const { ca, headers, protocols, deflate = false, mute = false, ...options } = JSON.parse(settings);
const say = (...words) => console.log(...words);
let socket;

const client = mqtt.connect(url, {
  reconnectPeriod: 0,
  connectTimeout: 20_000,
  protocolId: options.protocolVersion === 3 ? 'MQIsdp' : 'MQTT',
  ...options,
  createWebsocket(to, offered) {
    socket = new WebSocket(to, protocols ?? offered, { headers, ca: ca && readFileSync(ca), perMessageDeflate: deflate });
    socket.on('unexpected-response', (_, answer) => {
      let body = '';
      answer.on('data', (part) => (body += part));
      answer.on('end', () => say('refused', answer.statusCode, body));
    });
    socket.on('open', () => say('open', socket.protocol));
    socket.on('close', (code, reason) => say('closed', code, reason.toString()));
    if (mute) socket.send = () => {};
    return socket;
  },
});
client.on('connect', (packet) => say('connected', packet.sessionPresent));
client.on('disconnect', (packet) => say('disconnect', packet.reasonCode));
client.on('error', (error) => say('error', error.code, error.message));
client.on('message', (topic, payload, packet) => {
  const text = payload.length > 100 ? `${payload.length} bytes, all ${payload[0]}: ${payload.every((byte) => byte === payload[0])}` : payload;
  say('message', topic, `qos=${packet.qos}`, `retain=${packet.retain}`, `${text}`);
});

const commands = {
  sub(qos, ...filters) {
    client.subscribe(filters, { qos: Number(qos) }, (error, granted, packet) => say('granted', JSON.stringify(packet?.granted)));
  },
  pub(qos, topic, payload, retain) {
    const bytes = /^\d+B$/.test(payload) ? Buffer.alloc(parseInt(payload, 10), 7) : payload;
    client.publish(topic, bytes, { qos: Number(qos), retain: retain === 'retain' }, (error) => say('published', topic, error ? error.code : 'ok'));
  },
  text: (words) => socket.send(words),
  bytes: (hex) => socket.send(Buffer.from(hex, 'hex')),
  pause: () => socket.pause(),
  abort: () => socket.terminate(),
  end: () => client.end(),
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, ...words] = line.split(' ');
  commands[command](...words);
});
