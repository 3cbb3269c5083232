// aedes, a broker that grants what it likes. PORT: where it listens on loopback.
// A line on standard input, such as "0 low/#", is the most that it grants for a filter from then on.
import net from 'node:net';
import readline from 'node:readline';
import Aedes from 'aedes';

const broker = new Aedes();
const granted = new Map();

// Before aedes sees it: what authorizeSubscribe lowers is delivered so, but told as it was asked for.
broker.preConnect = (client, connect, done) => {
  client._parser.prependListener('packet', (packet) => {
    for (const each of packet.cmd === 'subscribe' ? packet.subscriptions : []) {
      each.qos = Math.min(each.qos, granted.get(each.topic) ?? 2);
    }
  });
  done(null, true);
};
broker.on('subscribe', (subscriptions, client) => {
  for (const each of subscriptions) console.log(`${client.id} has ${each.topic} at QoS ${each.qos}`);
});
broker.on('clientDisconnect', (client) => console.log(`${client.id} is gone`));

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const [most, filter] = line.split(' ');
  granted.set(filter, Number(most));
  console.log(`at most ${most} for ${filter}`);
});

net.createServer(broker.handle).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
