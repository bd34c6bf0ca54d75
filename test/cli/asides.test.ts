import { expect, test } from 'vitest';
import { createAsides } from '../../src/cli/asides.ts';
import { eventsOf } from '../support/answers.ts';

const lines = (...values: unknown[]) =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

test('beside its words an agent’s tools are told when they are done, a line each', async () => {
  const answer = lines(
    { type: 'thinking', text: 'hm' },
    { type: 'tool_use', id: '1', name: 'add', input: { a: 1 } },
    { text: 'words' },
    { type: 'tool_result', id: '1', result: `two\n${'x'.repeat(300)}` },
    { type: 'tool_use', id: '2', name: 'sub', input: {} },
    { type: 'tool_result', id: '2', result: 'no', status: 'error' },
    { type: 'tool_use', id: '3', name: 'never', input: {} },
    { type: 'guardrail', text: 'No.' },
  );
  const asides = createAsides();
  const events = await eventsOf('application/x-ndjson', answer);
  expect([...events.flatMap(asides.of), ...asides.end()]).toEqual([
    expect.stringMatching(/^add \{"a":1\} → two x{10,}…$/),
    'sub {} failed: no',
    'No.',
    'never {}',
  ]);
});

test('of a JSON answer whose words alone are printed, it is told that it has more', async () => {
  const events = await eventsOf('application/json', '{"result":"hi","total":3}');
  expect(events.flatMap(createAsides().of)).toEqual(['+ 1 more field, which --raw prints too']);
});
