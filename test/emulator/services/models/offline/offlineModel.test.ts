import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  type ConverseCommandInput,
  type Message,
} from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { EmulatorOptions } from '../../../../../emulator/index.ts';
import { collectReply } from '../../../../../emulator/services/models/modelEvent.ts';
import { createOfflineBackend } from '../../../../../emulator/services/models/offline/offlineBackend.ts';
import { useAgent } from '../../../../support/agents.ts';
import { useEmulator } from '../../../../support/emulator.ts';
import { useBedrockRuntime } from '../../../../support/models.ts';
import { sdkSettings } from '../../../../support/sdk.ts';
import { request } from './request.ts';

const modelId = 'anthropic.claude-sonnet-4-20250514-v1:0';

const toolConfig: ConverseCommandInput['toolConfig'] = {
  tools: [
    {
      toolSpec: {
        name: 'get_weather',
        description: 'Returns the weather of a city.',
        inputSchema: {
          json: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        },
      },
    },
    {
      toolSpec: {
        name: 'multiply',
        inputSchema: {
          json: {
            type: 'object',
            properties: { a: { type: 'number' }, b: { type: 'number' } },
            required: ['a', 'b'],
          },
        },
      },
    },
  ],
};

function user(text: string): Message {
  return { role: 'user', content: [{ text }] };
}

async function useOfflineModel(offlineModel: EmulatorOptions['offlineModel'] = {}) {
  return useBedrockRuntime(await useEmulator({ agents: [], offlineModel }));
}

async function useScript(script: string) {
  const agent = await useAgent('');
  const file = join(agent.root, 'agentcore', 'model-script.yaml');
  await mkdir(join(agent.root, 'agentcore'));
  await writeFile(file, script);
  const emulator = await useEmulator({ agents: [agent] });
  const write = (text: string) => writeFile(file, text);
  return { client: useBedrockRuntime(emulator), url: emulator.url, log: emulator.log, write };
}

async function ask(
  client: BedrockRuntimeClient,
  text: string,
  more: Partial<ConverseCommandInput> = {},
) {
  const { output, ...reply } = await client.send(
    new ConverseCommand({ modelId, messages: [user(text)], ...more }),
  );
  return { ...reply, text: output?.message?.content?.map((block) => block.text ?? '').join('') };
}

test('An agent’s loop ends: tools are called in parallel, and their results are summarized.', async () => {
  const client = await useOfflineModel();
  const results: Readonly<
    Record<string, (input: { a: number; b: number; city: string }) => object>
  > = {
    get_weather: ({ city }) => ({ city, celsius: 18 }),
    multiply: ({ a, b }) => ({ product: a * b }),
  };
  const messages = [user('What is the weather in Paris, and what is 12 * 7?')];
  const reasons: (string | undefined)[] = [];
  for (let turn = 0; turn < 5 && reasons.at(-1) !== 'end_turn'; turn += 1) {
    const reply = await client.send(new ConverseCommand({ modelId, messages, toolConfig }));
    const message = reply.output!.message!;
    reasons.push(reply.stopReason);
    messages.push(message);
    const uses = message.content!.flatMap(({ toolUse }) => (toolUse ? [toolUse] : []));
    const content = uses.map(({ toolUseId, name, input }) => ({
      toolResult: { toolUseId, content: [{ json: results[name!]!(input as never) as never }] },
    }));
    if (content.length > 0) messages.push({ role: 'user', content });
  }
  expect(reasons).toEqual(['tool_use', 'end_turn']);
  const summary = messages.at(-1)?.content?.[0]?.text;
  expect(summary).toContain('get_weather returned city: Paris, celsius: 18');
  expect(summary).toContain('multiply returned product: 84');
});

test('A limit of tokens ends the reply, and usage counts its tokens.', async () => {
  const client = await useOfflineModel();
  const { stopReason, usage } = await ask(client, 'Hello', { inferenceConfig: { maxTokens: 5 } });
  expect(stopReason).toBe('max_tokens');
  expect(usage?.outputTokens).toBe(5);
});

describe('A script', () => {
  test('replies with tool calls, then with text about their results.', async () => {
    const { client } = await useScript(`
turns:
  - when: { prompt: { regex: 'weather in (?<city>\\w+)' } }
    toolCalls:
      - { name: get_weather, arguments: { city: '{{city}}' } }
  - when: { toolResult: { tool: get_weather } }
    text: 'In short: {{toolResult}}'
    usage: { inputTokens: 1000, outputTokens: 7 }
`);
    const messages = [user('The weather in Oslo?')];
    const first = await client.send(new ConverseCommand({ modelId, messages, toolConfig }));
    expect(first.stopReason).toBe('tool_use');
    const toolUse = first.output!.message!.content![0]!.toolUse!;
    expect(toolUse).toMatchObject({ name: 'get_weather', input: { city: 'Oslo' } });
    const { toolUseId } = toolUse;
    const result = { toolResult: { toolUseId, content: [{ text: 'snow' }] } };
    messages.push(first.output!.message!, { role: 'user', content: [result] });
    const second = await client.send(new ConverseCommand({ modelId, messages, toolConfig }));
    expect(second.output?.message?.content).toEqual([{ text: 'In short: snow' }]);
    expect(second.usage).toMatchObject({ inputTokens: 1000, outputTokens: 7, totalTokens: 1007 });
  });

  test('is read again when it changes, and leaves other prompts to the model.', async () => {
    const { client, write } = await useScript('turns:\n  - when: { prompt: hi }\n    text: One\n');
    expect((await ask(client, 'Hi')).text).toBe('One');
    expect((await ask(client, 'Bye')).text).toContain('offline model');
    await write('turns:\n  - when: { prompt: hi }\n    text: Second\n');
    expect((await ask(client, 'Hi')).text).toBe('Second');
  });

  test('that is invalid is an error with its place, in the reply and in the log.', async () => {
    const { client, log, write } = await useScript('turns:\n  - txt: One\n');
    const problem =
      'agentcore/model-script.yaml:2:5: turns[0].txt: not a field of a script. Did you mean text?';
    const refused = { name: 'ValidationException', message: problem };
    await expect(ask(client, 'Hi')).rejects.toMatchObject(refused);
    await expect(ask(client, 'Hi')).rejects.toMatchObject(refused);
    expect(log.filter((line) => line.includes(problem))).toHaveLength(1);
    await write('turns:\n  - text: One\n');
    expect((await ask(client, 'Hi')).text).toBe('One');
  });

  test('fails as often as it says; the SDK’s retry succeeds.', async () => {
    const { url } = await useScript(`
turns:
  - times: 1
    error: { kind: throttled, message: Slow down. }
  - reasoning: Think first.
    text: Done
    stopReason: contentFiltered
`);
    const client = new BedrockRuntimeClient({ ...sdkSettings(url), maxAttempts: 3 });
    onTestFinished(() => client.destroy());
    const { text, stopReason, $metadata } = await ask(client, 'Hi');
    expect(text).toBe('Done');
    expect(stopReason).toBe('content_filtered');
    expect($metadata.attempts).toBe(2);
  });

  test('blocks a reply in the name of the request’s guardrail.', async () => {
    const { client, log } = await useScript(
      'turns:\n  - { when: { prompt: bomb }, fault: guardrail, text: I cannot help. }\n',
    );
    const guardrailConfig = { guardrailIdentifier: 'abcdefgh1234', guardrailVersion: '1' };
    const { text, stopReason } = await ask(client, 'Build a bomb', { guardrailConfig });
    expect({ text, stopReason }).toEqual({
      text: 'I cannot help.',
      stopReason: 'guardrail_intervened',
    });
    expect((await ask(client, 'Build a bomb')).stopReason).toBe('end_turn');
    expect(log).toContainEqual(expect.stringContaining('fault guardrail has no effect'));
  });
});

describe('The fault', () => {
  test.for([
    ['throttling', 'ThrottlingException'],
    ['unavailable', 'ServiceUnavailableException'],
    ['timeout', 'ModelTimeoutException'],
    ['cutStream', 'ModelErrorException'],
  ] as const)('%s is a %s.', async ([fault, name]) => {
    const client = await useOfflineModel({ fault });
    await expect(ask(client, 'Hi')).rejects.toMatchObject({ name });
  });

  test('cutStream breaks a stream after its first events.', async () => {
    const client = await useOfflineModel({ fault: 'cutStream' });
    const { stream } = await client.send(
      new ConverseStreamCommand({ modelId, messages: [user('Hello')] }),
    );
    const events: string[] = [];
    const reading = (async () => {
      for await (const event of stream!) events.push(Object.keys(event)[0]!);
    })();
    await expect(reading).rejects.toThrow('The offline model cut the stream on request.');
    expect(events).toContain('contentBlockDelta');
    expect(events).not.toContain('messageStop');
  });

  test('maxTokens ends replies halfway.', async () => {
    const whole = await ask(await useOfflineModel(), 'Hello');
    const cut = await ask(await useOfflineModel({ fault: 'maxTokens' }), 'Hello');
    expect(cut.stopReason).toBe('max_tokens');
    expect(whole.text!.startsWith(cut.text!)).toBe(true);
    expect(cut.text!.length).toBeLessThan(whole.text!.length);
  });
});

test('A disconnect ends a delay.', async () => {
  const controller = new AbortController();
  const backend = createOfflineBackend({
    settings: () => ({ latency: 600_000, tokensPerSecond: null, fault: null }),
    scriptFor: () => null,
    clock: { now: () => 0 },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const context = { signal: controller.signal, agent: null, sessionId: null };
  const first = collectReply(backend.invoke(request(['Hi']), context));
  controller.abort();
  await expect(first).rejects.toThrow('The client disconnected before the end of the reply.');
});

test('Latency and speed delay the events of a reply.', async () => {
  const client = await useOfflineModel({ latency: 200, tokensPerSecond: 50 });
  const startedAt = performance.now();
  const { stream } = await client.send(
    new ConverseStreamCommand({
      modelId,
      messages: [user('Hi')],
      inferenceConfig: { maxTokens: 10 },
    }),
  );
  let first: number | undefined;
  for await (const event of stream!) {
    if (event.messageStart) first = performance.now() - startedAt;
  }
  expect(first).toBeGreaterThan(195);
  expect(performance.now() - startedAt).toBeGreaterThan(395);
});
