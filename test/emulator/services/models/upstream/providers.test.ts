import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import {
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { useFolder } from '../../../../support/agents.ts';
import { useEmulator } from '../../../../support/emulator.ts';
import { sendEvents, useModelServer } from '../../../../support/modelServer.ts';
import { useBedrockRuntime } from '../../../../support/models.ts';

const prompt = {
  modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  system: [{ text: 'Be brief.' }],
  messages: [{ role: 'user' as const, content: [{ text: 'What is 2 + 3?' }] }],
  toolConfig: {
    tools: [
      { toolSpec: { name: 'add', inputSchema: { json: { type: 'object', properties: {} } } } },
    ],
  },
};

const toolCall = { name: 'add', input: { a: 2, b: 3 } };

function sendMessage(response: ServerResponse): void {
  sendEvents(response, [
    { type: 'message_start', message: { usage: { input_tokens: 21, output_tokens: 1 } } },
    {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'tool_use', id: 'toolu_1', name: 'add', input: {} },
    },
    {
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'input_json_delta', partial_json: '{"a":2,"b":3}' },
    },
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'tool_use', stop_sequence: null },
      usage: { output_tokens: 9 },
    },
    { type: 'message_stop' },
  ]);
}

function refuse(response: ServerResponse, status: number, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  const message = `invalid x-api-key: ${'secret'.repeat(3)}`;
  response.end(JSON.stringify({ type: 'error', error: { type: 'error', message } }));
}

function setEnvironment(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

describe('With Anthropic as the backend,', () => {
  test('a Bedrock client calls the model of the same name.', async () => {
    const server = await useModelServer((_, response) => sendMessage(response));
    setEnvironment({ ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'of-the-developer' });
    const client = useBedrockRuntime(await useEmulator({ agents: [], model: 'anthropic' }));
    const { output, stopReason, usage } = await client.send(new ConverseCommand(prompt));
    expect(output?.message?.content?.[0]?.toolUse).toMatchObject(toolCall);
    expect(stopReason).toBe('tool_use');
    expect(usage).toMatchObject({ inputTokens: 21, outputTokens: 9 });
    const [request] = server.requests;
    expect(request?.path).toBe('/v1/messages');
    expect(request?.headers['x-api-key']).toBe('of-the-developer');
    expect(request?.body).toMatchObject({
      model: 'claude-sonnet-4-5-20250929',
      system: [{ type: 'text', text: 'Be brief.' }],
    });
  });

  test('another provider’s model is refused with the fix.', async () => {
    setEnvironment({ ANTHROPIC_API_KEY: 'of-the-developer' });
    const client = useBedrockRuntime(await useEmulator({ agents: [], model: 'anthropic' }));
    await expect(
      client.send(new ConverseCommand({ ...prompt, modelId: 'amazon.nova-lite-v1:0' })),
    ).rejects.toThrow(
      "Anthropic has no model 'amazon.nova-lite-v1:0'. Choose one for all calls with --model anthropic:MODEL.",
    );
  });

  test('a missing key is an error of the option.', async () => {
    setEnvironment({ ANTHROPIC_API_KEY: undefined, ANTHROPIC_AUTH_TOKEN: undefined });
    await expect(useEmulator({ agents: [], model: 'anthropic' })).rejects.toThrow(
      'ANTHROPIC_API_KEY is not set. Set it where the emulator starts',
    );
  });

  test('a redirect does not get the key.', async () => {
    const other = await useModelServer((_, response) => sendMessage(response));
    const server = await useModelServer((_, response) => {
      response.writeHead(307, { location: `${other.url}/v1/messages` }).end();
    });
    setEnvironment({ ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'of-the-developer' });
    const client = useBedrockRuntime(await useEmulator({ agents: [], model: 'anthropic' }));
    await expect(client.send(new ConverseCommand(prompt))).rejects.toThrow('unexpected redirect');
    expect(other.requests).toEqual([]);
  });

  test('errors have the provider’s message without the key.', async () => {
    const server = await useModelServer((_, response) => refuse(response, 401));
    setEnvironment({
      ANTHROPIC_BASE_URL: server.url,
      ANTHROPIC_API_KEY: 'secret'.repeat(3),
    });
    const client = useBedrockRuntime(await useEmulator({ agents: [], model: 'anthropic' }));
    const error = await client.send(new ConverseCommand(prompt)).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'AccessDeniedException' });
    expect((error as Error).message).toContain('invalid x-api-key: [redacted]');
  });
});

describe('With a token pool,', () => {
  async function usePooledEmulator(respond: (token: string, response: ServerResponse) => void) {
    const server = await useModelServer(({ path, headers }, response) => {
      if (path === '/v1/models') return void response.end('{}');
      respond(String(headers['x-api-key']), response);
    });
    setEnvironment({ ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: undefined });
    const file = join(await useFolder(), 'tokens.json');
    const tokens = ['first', 'second'].map((name) => ({ name, token: `secret-of-${name}` }));
    await writeFile(file, JSON.stringify({ tokens }));
    const emulator = await useEmulator({ agents: [], model: 'anthropic', modelTokens: file });
    return { emulator, client: useBedrockRuntime(emulator) };
  }

  test('the next token is used when one is exhausted, and the client notices nothing.', async () => {
    const { client, emulator } = await usePooledEmulator((token, response) => {
      if (token === 'secret-of-first') refuse(response, 429, { 'retry-after': '60' });
      else sendMessage(response);
    });
    const { stopReason } = await client.send(new ConverseCommand(prompt));
    expect(stopReason).toBe('tool_use');
    const log = emulator.log.join('\n');
    expect(log).toContain('Model token first is unusable. Using second.');
    expect(log).not.toContain('secret-of');
  });

  test('a refused request does not make its token unusable.', async () => {
    let calls = 0;
    const { client } = await usePooledEmulator((_, response) => {
      calls += 1;
      if (calls === 1) refuse(response, 403);
      else sendMessage(response);
    });
    await expect(client.send(new ConverseCommand(prompt))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('invalid x-api-key'),
    });
    const { stopReason } = await client.send(new ConverseCommand(prompt));
    expect(stopReason).toBe('tool_use');
  });

  test('a request waits until a token is usable again.', async () => {
    let calls = 0;
    const { client } = await usePooledEmulator((_, response) => {
      calls += 1;
      if (calls <= 2) refuse(response, 429, { 'retry-after': '1' });
      else sendMessage(response);
    });
    const { stream } = await client.send(new ConverseStreamCommand(prompt));
    let stopReason: string | undefined;
    for await (const event of stream!) stopReason ??= event.messageStop?.stopReason;
    expect(stopReason).toBe('tool_use');
    expect(calls).toBe(3);
  });

  test('the emulator starts only if the provider accepts a token.', async () => {
    const server = await useModelServer((_, response) => refuse(response, 401));
    setEnvironment({ ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: undefined });
    const file = join(await useFolder(), 'tokens.json');
    await writeFile(file, '{"tokens":[{"name":"only","token":"wrong"}]}');
    await expect(
      useEmulator({ agents: [], model: 'anthropic', modelTokens: file }),
    ).rejects.toThrow('tokens.json: only was rejected (status 401). Replace them.');
  });
});

describe('With an OpenAI-compatible server,', () => {
  const chunk = (delta: object, finishReason: string | null = null) => ({
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  });

  test('a Bedrock client gets tool calls and usage.', async () => {
    const server = await useModelServer((_, response) =>
      sendEvents(response, [
        chunk({
          role: 'assistant',
          tool_calls: [{ index: 0, id: 'call_1', function: { name: 'add', arguments: '' } }],
        }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a":2,"b":3}' } }] }),
        chunk({}, 'tool_calls'),
        { choices: [], usage: { prompt_tokens: 21, completion_tokens: 9, total_tokens: 30 } },
      ]),
    );
    setEnvironment({ OPENAI_API_KEY: 'of-the-developer' });
    const model = `openai:${server.url}/v1#qwen3`;
    const client = useBedrockRuntime(await useEmulator({ agents: [], model }));
    const { output, stopReason, usage } = await client.send(new ConverseCommand(prompt));
    expect(output?.message?.content?.[0]?.toolUse).toMatchObject(toolCall);
    expect(stopReason).toBe('tool_use');
    expect(usage).toMatchObject({ inputTokens: 21, outputTokens: 9 });
    const [request] = server.requests;
    expect(request?.path).toBe('/v1/chat/completions');
    expect(request?.headers.authorization).toBe('Bearer of-the-developer');
    expect(request?.body).toMatchObject({
      model: 'qwen3',
      stream: true,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is 2 + 3?' },
      ],
    });
  });

  test('a cut reply is an error of the stream.', async () => {
    const server = await useModelServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify(chunk({ content: 'Five' }))}\n\n`);
      setTimeout(() => response.destroy(), 50);
    });
    const model = `openai:${server.url}/v1`;
    const client = useBedrockRuntime(await useEmulator({ agents: [], model }));
    const { stream } = await client.send(new ConverseStreamCommand(prompt));
    await expect(async () => {
      for await (const _ of stream!);
    }).rejects.toThrow('ended its reply early');
  });

  test.for([
    ['<html>Please log in</html>', 'sent a reply that is not JSON: "<html>Please log in</html>"'],
    ['{"object":"list"}', 'The server sent no embeddings. Check its URL.'],
  ])('the reply %s to a request for embeddings is an error.', async ([reply, message]) => {
    const server = await useModelServer((_, response) => void response.end(reply));
    const model = `openai:${server.url}/v1`;
    const client = useBedrockRuntime(await useEmulator({ agents: [], model }));
    await expect(
      client.send(
        new InvokeModelCommand({
          modelId: 'amazon.titan-embed-text-v2:0',
          body: JSON.stringify({ inputText: 'Hello' }),
        }),
      ),
    ).rejects.toThrow(message);
  });
});

test('Ollama that does not run is an error with the fix.', async () => {
  setEnvironment({ OLLAMA_HOST: '127.0.0.1:9' });
  const client = useBedrockRuntime(await useEmulator({ agents: [], model: 'ollama:llama3.2' }));
  await expect(client.send(new ConverseCommand(prompt))).rejects.toMatchObject({
    name: 'ServiceUnavailableException',
    message: expect.stringContaining('Start it with `ollama serve`'),
  });
});

test('A provider that does not respond to the check is an error of the option.', async () => {
  const server = await useModelServer(() => {});
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(50));
  onTestFinished(() => void vi.restoreAllMocks());
  const file = join(await useFolder(), 'tokens.json');
  await writeFile(file, '{"tokens":[{"name":"only","token":"one"}]}');
  await expect(
    useEmulator({ agents: [], model: `openai:${server.url}/v1`, modelTokens: file }),
  ).rejects.toThrow(
    'cannot be reached: The operation was aborted due to timeout. Start the server',
  );
});

test('A client that disconnects is no error in the log.', async () => {
  const received = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const server = await useModelServer((_, response) => {
    response.on('close', () => closed.resolve());
    received.resolve();
  });
  const emulator = await useEmulator({ agents: [], model: `openai:${server.url}/v1` });
  const client = useBedrockRuntime(emulator);
  const controller = new AbortController();
  const call = client.send(new ConverseCommand(prompt), { abortSignal: controller.signal });
  call.catch(() => {});
  await received.promise;
  controller.abort();
  await expect(call).rejects.toThrow('aborted');
  await closed.promise;
  await emulator.admin('/models');
  expect(emulator.log.join('\n')).not.toContain('Abort');
});
