import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { expect, onTestFinished, test, vi } from 'vitest';
import { useEmulator } from '../support/emulator.ts';
import { measureHeapMegabytes } from '../support/heap.ts';
import { useModelServer } from '../support/modelServer.ts';
import { useBedrockRuntime } from '../support/models.ts';

const STREAMS = 500;
const WORDS = Array.from({ length: 20 }, (_, index) => ` word${index}`);

/** An emulator whose provider sends one token of each reply, and the rest after `release`. */
async function useHeldModel() {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const server = await useModelServer(async ({ body }, response) => {
    const [message] = body['messages'] as [{ content: string | [{ text: string }] }];
    const prompt = typeof message.content === 'string' ? message.content : message.content[0].text;
    const send = (event: Readonly<Record<string, unknown>>) =>
      response.write(`data: ${JSON.stringify(event)}\n\n`);
    const sendText = (text: string) =>
      send(block('content_block_delta', { delta: { type: 'text_delta', text } }));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const usage = { input_tokens: 1, output_tokens: 1 };
    send({ type: 'message_start', message: { usage } });
    send(block('content_block_start', { content_block: { type: 'text', text: '' } }));
    sendText(prompt);
    await released;
    for (const word of WORDS) sendText(word);
    send(block('content_block_stop', {}));
    send({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage });
    send({ type: 'message_stop' });
    response.end();
  });
  vi.stubEnv('ANTHROPIC_BASE_URL', server.url);
  vi.stubEnv('ANTHROPIC_API_KEY', 'test');
  onTestFinished(() => void vi.unstubAllEnvs());
  return { emulator: await useEmulator({ agents: [], model: 'anthropic' }), release };
}

const block = (type: string, fields: object) => ({ type, index: 0, ...fields });

test('A thousand concurrent streams of two protocols are complete, separate and not delayed.', async () => {
  const { emulator, release } = await useHeldModel();
  const bedrock = useBedrockRuntime(emulator);
  const connections = new Agent({ maxSockets: STREAMS });
  onTestFinished(() => connections.destroy());
  const started = new Set<string>();
  const { promise: allStarted, resolve: endStart } = Promise.withResolvers<void>();

  async function converse(prompt: string): Promise<readonly string[]> {
    const messages = [{ role: 'user' as const, content: [{ text: prompt }] }];
    const { stream } = await bedrock.send(
      new ConverseStreamCommand({ modelId: 'anthropic.claude-sonnet-4-5-20250929-v1:0', messages }),
    );
    const deltas: string[] = [];
    let isComplete = false;
    for await (const event of stream!) {
      if (event.contentBlockDelta) {
        deltas.push(event.contentBlockDelta.delta?.text ?? '');
        noteStart(prompt);
      }
      if (event.metadata) isComplete = true;
    }
    expect(isComplete).toBe(true);
    return deltas;
  }

  async function sendMessages(prompt: string): Promise<readonly string[]> {
    const sent = request(`${emulator.url}/anthropic/v1/messages`, {
      method: 'POST',
      agent: connections,
    });
    const messages = [{ role: 'user', content: prompt }];
    sent.end(
      JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 500, stream: true, messages }),
    );
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
      text += chunk;
      if (text.includes(`"text":"${prompt}"`)) noteStart(prompt);
    }
    expect(text).toMatch(/event: message_stop\n.*\n\n$/);
    return [...text.matchAll(/^data: (.*"text_delta".*)$/gm)].map(
      ([, data]) => (JSON.parse(data!) as { delta: { text: string } }).delta.text,
    );
  }

  function noteStart(prompt: string): void {
    started.add(prompt);
    if (started.size === 2 * STREAMS) endStart();
  }

  const before = measureHeapMegabytes();
  const prompts = Array.from({ length: STREAMS }, (_, index) => `number${index}`);
  const replying = Promise.all([
    ...prompts.map((prompt) => converse(`bedrock-${prompt}`)),
    ...prompts.map((prompt) => sendMessages(`anthropic-${prompt}`)),
  ]);
  // Each client has its first token before the provider sends the rest.
  await Promise.race([allStarted, replying]);
  expect(measureHeapMegabytes() - before).toBeLessThan(250);
  release();

  const expected = ['bedrock', 'anthropic'].flatMap((protocol) =>
    prompts.map((prompt) => [`${protocol}-${prompt}`].concat(WORDS)),
  );
  expect(await replying).toEqual(expected);
}, 120_000);
