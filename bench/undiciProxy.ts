// A minimal proxy between a caller and an agent: Node's server and an undici pool. It is started with
// the agent's port and prints its own.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { Pool } from 'undici';

const agent = new Pool(`http://127.0.0.1:${process.argv[2]}`, { connections: 64 });

const server = createServer((request, response) => {
  void agent.stream(
    {
      method: 'POST',
      path: request.url!,
      headers: { 'content-type': request.headers['content-type'] },
      body: request,
    },
    ({ statusCode, headers }) => response.writeHead(statusCode, headers),
  );
}).listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
