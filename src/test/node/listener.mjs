// The edge as it was before Spillway: MQTT in, a queue in memory, a JSON array over WebSocket every
// 500 ms. Kept as a peer for the tests; it loses what is queued or in flight when anything dies.
import "dotenv/config";
import mqtt from "mqtt";
import WebSocket from "ws";

const env = process.env;
const target = `${env.WS_HOST}/?token=${encodeURIComponent(env.INGEST_TOKEN ?? "")}`;
const perBatch = Number(env.BATCH_MAX ?? 100);
const everyMs = Number(env.BATCH_MS ?? 500);
const waiting = [];
let socket;

console.log("[CFG]", { broker: env.BROKER_URL, topic: env.TOPIC, server: env.WS_HOST });

function open() {
  let pings;
  const mine = new WebSocket(target);
  socket = mine;
  mine.on("open", () => {
    console.log("[WS] connected");
    pings = setInterval(() => mine.ping(), 5000);
  });
  mine.on("error", (problem) => console.log("[WS] error:", problem.message));
  mine.on("close", (code) => {
    clearInterval(pings);
    console.log("[WS] closed", code);
    setTimeout(open, 2000);
  });
}

function enriched(topic, retained, value) {
  const record = value !== null && typeof value === "object" ? value : { value };
  return { ...record, _topic: topic, _ts_src: new Date().toISOString(), _retained: retained };
}

function received(topic, payload, packet) {
  const text = payload.toString("utf8").trim();
  if (text[0] !== "{" && text[0] !== "[") return;
  try {
    const parsed = JSON.parse(text);
    for (const one of Array.isArray(parsed) ? parsed : [parsed]) {
      waiting.push(enriched(topic, packet.retain, one));
    }
  } catch (problem) {
    console.log("[MQTT] not JSON on", topic, problem.message);
  }
}

function flush() {
  if (waiting.length === 0 || socket?.readyState !== WebSocket.OPEN) return;
  const batch = waiting.splice(0, perBatch);
  socket.send(JSON.stringify(batch), (problem) => {
    if (problem) waiting.unshift(...batch);
  });
}

open();
setInterval(flush, everyMs);
const broker = mqtt.connect(env.BROKER_URL);
broker.on("message", received);
broker.on("error", (problem) => console.log("[MQTT] error:", problem.message));
broker.on("connect", () => {
  console.log("[MQTT] connected");
  broker.subscribe(env.TOPIC, { qos: Number(env.QOS ?? 1) }, (problem) => {
    console.log(problem ? `[MQTT] error: ${problem.message}` : `[MQTT] subscribed ${env.TOPIC}`);
  });
});
