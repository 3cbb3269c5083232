// aedes, an MQTT broker: aedes.mjs PORT DIR, on loopback. Sessions and messages are kept in DIR,
// and are there again after kill -9. It repeats them on a new connection without marking them so.
import { createServer } from 'node:net';
import Aedes from 'aedes';
import persistence from 'aedes-persistence-level';
import { Level } from 'level';

const [port, dir] = process.argv.slice(2);
const broker = new Aedes({ persistence: persistence(new Level(dir)) });
createServer(broker.handle).listen(Number(port), '127.0.0.1', () => console.log('listening'));
