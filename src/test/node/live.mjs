// Subscribes to topics of a live WebSocket with npm ws, and prints what comes.
import WebSocket from 'ws';

const [url, since, ...topics] = process.argv.slice(2);
const socket = new WebSocket(url);
socket.on('open', () => {
  socket.send(JSON.stringify({ type: 'subscribe', topics, since: Number(since) }));
  socket.send('{"type":"ping"}');
  socket.ping();
});
socket.on('message', (data) => console.log(data.toString()));
socket.on('pong', () => console.log('websocket pong'));
socket.on('close', (code) => console.log('closed', code));
socket.on('error', (error) => console.log('error', error.message));
