// The server as it was before Spillway: checks a token after the upgrade and appends every text
// message, as it came, to one file. It acknowledges nothing.
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { WebSocketServer } from "ws";

const port = Number(process.env.WS_PORT ?? 3006);
const token = process.env.INGEST_TOKEN ?? "change-me";
const folder = process.env.OUT_DIR ?? "data";
const file = join(folder, "ingest.ndjson");

mkdirSync(folder, { recursive: true });

function serve(socket, request) {
  const given = new URL(request.url, "ws://server").searchParams.get("token");
  if (given !== token) {
    console.log("[WS] refused: wrong token");
    socket.close();
    return;
  }
  console.log("[WS] client connected");
  socket.on("close", (code) => console.log("[WS] client gone", code));
  socket.on("message", (message) => {
    try {
      appendFileSync(file, `${message}\n`);
    } catch (problem) {
      console.log("[WS] cannot write:", problem.message);
    }
  });
}

const server = new WebSocketServer({ port, host: process.env.WS_BIND ?? "0.0.0.0" });
server.on("connection", serve);
server.on("listening", () => console.log(`[WS] listening on ${server.address().port}`));
