// A minimal proxy between a caller and an agent: Node's server and an undici pool. It is started with
// the agent's port and prints its own. It passes on all headers but those of a single connection, as
// every proxy must: agents read the session and the accepted formats from them.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { Pool } from 'undici';

const agent = new Pool(`http://127.0.0.1:${process.argv[2]}`, { connections: 64 });

const server = createServer((request, response) => {
  const { host: _host, connection: _connection, ...headers } = request.headers;
  void agent.stream(
    { method: 'POST', path: request.url!, headers, body: request },
    ({ statusCode, headers: received }) => response.writeHead(statusCode, received),
  );
}).listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
