import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { MODEL_SPEC_FORM, parseModelSpec } from '../../../src/shared/modelSpec.ts';
import { modelOptions, readModelSettings } from '../../../src/core/emulator/modelSettings.ts';

const configuration = (values: Readonly<Record<string, unknown>>) => ({
  get: <Value>(name: string, defaultValue: Value) => (values[name] ?? defaultValue) as Value,
});

test('Settings become options of the emulator.', () => {
  const settings = readModelSettings(
    configuration({
      model: 'bedrock',
      agentModels: { Writer: 'ollama:llama3.2' },
      modelTokens: 'tokens.json',
    }),
  );
  expect(modelOptions(settings)).toEqual([
    '--model=bedrock',
    '--model=Writer=ollama:llama3.2',
    '--model-tokens=tokens.json',
  ]);
  expect(modelOptions(readModelSettings(configuration({})))).toEqual([]);
});

test.for<[Readonly<Record<string, unknown>>, string]>([
  [{ model: 'gpt-5' }, 'Setting agentcoreWorkbench.model: "gpt-5" is not a model backend. Use off'],
  [{ agentModels: { Writer: 7 } }, 'Setting agentcoreWorkbench.agentModels: Writer: 7 is not a mo'],
])('The start refuses %j.', ([values, message]) => {
  expect(() => readModelSettings(configuration(values))).toThrow(message);
});

test('The settings editor accepts the same forms and names them.', async () => {
  const read = async (file: string) => JSON.parse(await readFile(file, 'utf8'));
  const { properties } = (await read('package.json')).contributes.configuration;
  const pattern = new RegExp(properties['agentcoreWorkbench.model'].pattern);
  const ofAgents = new RegExp(
    properties['agentcoreWorkbench.agentModels'].additionalProperties.pattern,
  );
  for (const model of [
    'offline',
    'offline:x',
    'bedrock',
    'anthropic:claude-sonnet-4-5',
    'ollama',
    'ollama:llama3.2',
    'openai:http://127.0.0.1:8000/v1#m',
    'openai:example.com',
    'cassette:a.json',
    'record:a.json=bedrock',
    'record:a.json',
    'gpt-5',
  ]) {
    const isValid = parseModelSpec(model) !== undefined;
    expect([model, pattern.test(model), ofAgents.test(model)]).toEqual([model, isValid, isValid]);
  }
  const texts = await read('package.nls.json');
  expect(texts['configuration.model.invalid']).toBe(`Use ${MODEL_SPEC_FORM}.`);
});
