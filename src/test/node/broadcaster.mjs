// What one would write with npm ws instead of Spillway's live hub, and write well: records come in
// on a WebSocket with the ingest token, are appended to a file, and go to every client that asked
// for their topic. A record is encoded once; a client that does not keep up is passed over.
import { createWriteStream, mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { WebSocket, WebSocketServer } from "ws";

const port = Number(process.env.WS_PORT ?? 3006);
const token = process.env.INGEST_TOKEN ?? "change-me";
const folder = process.env.OUT_DIR ?? "data";
// One write per client for all records of a message. It takes a member that ws does not document.
const corking = process.env.CORK === "1";
const bufferedMax = 1 << 20;
const pingMs = 30_000;

mkdirSync(folder, { recursive: true });
const file = createWriteStream(join(folder, "ingest.ndjson"), { flags: "a" });
const subscribers = new Map(); // topic -> Set of clients
let offset = 0;
let skipped = 0;

function ingest(socket) {
  socket.on("message", (message) => {
    let records;
    try {
      records = JSON.parse(message);
    } catch {
      socket.send('{"type":"error","reason":"not JSON"}');
      return;
    }
    take(Array.isArray(records) ? records : [records], socket);
  });
}

function take(records, socket) {
  let lines = "";
  const corked = corking && records.length > 1 ? [...sockets.clients] : [];
  corked.forEach((client) => client._socket.cork());
  for (const record of records) {
    lines += JSON.stringify(record) + "\n";
    broadcast(record);
  }
  corked.forEach((client) => client._socket.uncork());
  if (!file.write(lines) && !socket.isPaused) {
    socket.pause();
    file.once("drain", () => socket.resume());
  }
}

function broadcast(record) {
  record.type ??= "measurement";
  record._offset = ++offset;
  const text = Buffer.from(JSON.stringify(record));
  send(subscribers.get(`${record.type}s`), text);
  send(subscribers.get("all"), text);
}

function send(clients, text) {
  if (clients === undefined) return;
  for (const client of clients) {
    if (client.readyState !== WebSocket.OPEN) continue;
    if (client.bufferedAmount > bufferedMax) {
      skipped++;
    } else {
      client.send(text, { binary: false });
    }
  }
}

function live(socket, topics) {
  for (const topic of topics) {
    if (!subscribers.has(topic)) subscribers.set(topic, new Set());
    subscribers.get(topic).add(socket);
  }
  socket.on("close", () => topics.forEach((topic) => subscribers.get(topic).delete(socket)));
  socket.send(
    JSON.stringify({ type: "connection", clientId: randomUUID(), offset: offset + 1, timestamp: new Date() }),
  );
}

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: true });

sockets.on("connection", (socket, url) => {
  socket.isAlive = true;
  socket.on("pong", () => (socket.isAlive = true));
  socket.on("error", () => socket.terminate());
  if (url.searchParams.get("token") === token) {
    ingest(socket);
  } else {
    live(socket, (url.searchParams.get("topics") ?? "all").split(","));
  }
});

setInterval(() => {
  for (const socket of sockets.clients) {
    if (!socket.isAlive) {
      socket.terminate();
    } else {
      socket.isAlive = false;
      socket.ping();
    }
  }
}, pingMs);

function stats() {
  const counts = Object.fromEntries([...subscribers].map(([topic, clients]) => [topic, clients.size]));
  return JSON.stringify({ active_connections: sockets.clients.size, subscriptions: counts, offset, skipped });
}

const server = createServer((request, response) => {
  if (request.url === "/ws/stats") {
    response.writeHead(200, { "Content-Type": "application/json" }).end(stats());
  } else {
    response.writeHead(404).end();
  }
});

server.on("upgrade", (request, socket, head) => {
  const url = new URL(request.url, "ws://server");
  sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client, url));
});

process.on("SIGUSR2", () => globalThis.gc?.()); // with --expose-gc, for the bench
server.listen(port, process.env.WS_BIND ?? "0.0.0.0", () => {
  console.log(`[WS] listening on ${server.address().port}`);
});
