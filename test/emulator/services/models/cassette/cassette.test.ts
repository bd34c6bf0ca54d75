import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { expect, test } from 'vitest';
import { useEmulator } from '../../../../support/emulator.ts';
import { useFolder } from '../../../../support/agents.ts';
import { useBedrockRuntime } from '../../../../support/models.ts';

const prompt = (text: string) => ({
  modelId: 'amazon.nova-lite-v1:0',
  system: [{ text: 'Be brief.' }],
  messages: [{ role: 'user' as const, content: [{ text }] }],
});

async function useModel(model: string) {
  return useBedrockRuntime(await useEmulator({ agents: [], model }));
}

async function streamedEvents(client: Awaited<ReturnType<typeof useModel>>, text: string) {
  const { stream } = await client.send(new ConverseStreamCommand(prompt(text)));
  const events: object[] = [];
  for await (const event of stream!) if (!event.metadata) events.push(event);
  return events;
}

test('A recorded reply is replayed by another emulator, event by event.', async () => {
  const file = join(await useFolder(), 'cassette.jsonl');
  const recorded = await streamedEvents(await useModel(`record:${file}=offline`), 'Hello there');
  const replayed = await streamedEvents(await useModel(`cassette:${file}`), 'Hello there');
  expect(recorded.length).toBeGreaterThan(3);
  expect(replayed).toEqual(recorded);
});

test('A cassette is created with its folder.', async () => {
  const file = join(await useFolder(), 'cassettes', 'example.jsonl');
  await streamedEvents(await useModel(`record:${file}=offline`), 'Hello there');
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(2);
});

test('Each request is recorded once.', async () => {
  const file = join(await useFolder(), 'cassette.jsonl');
  const client = await useModel(`record:${file}=offline`);
  await client.send(new ConverseCommand(prompt('Hello')));
  await client.send(new ConverseCommand(prompt('Hello')));
  await client.send(new ConverseCommand(prompt('Bye')));
  // The first line is the header.
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(3);
});

test('Recordings that are added later are replayed too.', async () => {
  const file = join(await useFolder(), 'cassette.jsonl');
  const emulator = await useEmulator({ agents: [], model: `record:${file}=offline` });
  const client = useBedrockRuntime(emulator);
  for (const text of ['Hello', 'Bye']) {
    await emulator.admin('/models', { model: `record:${file}=offline` });
    const { output } = await client.send(new ConverseCommand(prompt(text)));
    await emulator.admin('/models', { model: `cassette:${file}` });
    const replayed = await client.send(new ConverseCommand(prompt(text)));
    expect(replayed.output).toEqual(output);
  }
});

test('An unrecorded request is an error with the nearest recording and the difference.', async () => {
  const file = join(await useFolder(), 'cassette.jsonl');
  const recorder = await useModel(`record:${file}=offline`);
  await recorder.send(new ConverseCommand(prompt('What is the weather in Paris?')));
  await recorder.send(new ConverseCommand({ ...prompt('Bye'), system: [] }));
  const client = await useModel(`cassette:${file}`);
  await expect(
    client.send(new ConverseCommand(prompt('What is the weather in Rome?'))),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(
      /has no recording of this request\. .*messages\.0\.content\.0\.text: recorded "What is the weather in Paris\?", now "What is the weather in Rome\?"\. Record it with --model record:/,
    ),
  });
});

test('Secrets are removed from the file, and requests with secrets are still found.', async () => {
  const file = join(await useFolder(), 'cassette.jsonl');
  const key = `sk-ant-${'abc123'.repeat(6)}`;
  const recorder = await useModel(`record:${file}=offline`);
  await recorder.send(new ConverseCommand(prompt(`My key is ${key}`)));
  expect(readFileSync(file, 'utf8')).not.toContain(key);
  const client = await useModel(`cassette:${file}`);
  const other = `sk-ant-${'xyz789'.repeat(6)}`;
  const { stopReason } = await client.send(new ConverseCommand(prompt(`My key is ${other}`)));
  expect(stopReason).toBe('end_turn');
});

test.for([
  ['', 'The file does not exist. Record it with --model record:'],
  ['{"format":"other"}\n', ':1: format: '],
  ['{"format":"agentcore-workbench cassette","version":1}\n{]\n', ':2 is not JSON.'],
  ['{"format":"agentcore-workbench cassette","version":1}\n{"kind":"reply"}\n', ':2: backend: '],
])('A cassette with the text %j is an error of the option.', async ([text, message]) => {
  const file = join(await useFolder(), 'cassette.jsonl');
  if (text !== '') writeFileSync(file, text!);
  await expect(useModel(`cassette:${file}`)).rejects.toThrow(message);
});
