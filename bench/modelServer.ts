// A model server with OpenAI's chat completions. Each token is the time at which it was sent.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Tokens of each reply, and the milliseconds between two of them. */
const [tokens, interval] = process.argv.slice(2).map(Number) as [number, number];

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (fields: object): void => {
    const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm' };
    response.write(`data: ${JSON.stringify({ ...chunk, ...fields })}\n\n`);
  };
  const choose = (delta: object, finish_reason: string | null = null): void =>
    send({ choices: [{ index: 0, delta, finish_reason }] });
  void (async () => {
    choose({ role: 'assistant', content: '' });
    for (let sent = 0; sent < tokens; sent += 1) {
      choose({ content: `${performance.timeOrigin + performance.now()} ` });
      await sleep(interval);
    }
    choose({}, 'stop');
    const usage = { prompt_tokens: 1, completion_tokens: tokens, total_tokens: tokens + 1 };
    send({ choices: [], usage });
    response.end('data: [DONE]\n\n');
  })();
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
