import { expect, test } from 'vitest';
import { createToolProgress } from '../../src/cli/toolProgress.ts';
import { readEvents } from '../support/answers.ts';

const lines = (...values: unknown[]) =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

test('each tool is reported on one line when its result arrives', async () => {
  const answer = lines(
    { type: 'thinking', text: 'hm' },
    { type: 'tool_use', id: '1', name: 'add', input: { a: 1 } },
    { text: 'text' },
    { type: 'tool_result', id: '1', result: `two\n${'x'.repeat(300)}` },
    { type: 'tool_use', id: '2', name: 'sub', input: {} },
    { type: 'tool_result', id: '2', result: 'no', status: 'error' },
    { type: 'tool_use', id: '3', name: 'never', input: {} },
    { type: 'guardrail', text: 'No.' },
  );
  const progress = createToolProgress();
  const events = await readEvents('application/x-ndjson', answer);
  expect([...events.flatMap(progress.formatLines), ...progress.unfinished()]).toEqual([
    expect.stringMatching(/^add \{"a":1\} → two x{10,}…$/),
    'sub {} failed: no',
    'No.',
    'never {}',
  ]);
});

test('a JSON answer of which only the text is printed is reported to have more fields', async () => {
  const events = await readEvents('application/json', '{"result":"hi","total":3}');
  expect(events.flatMap(createToolProgress().formatLines)).toEqual([
    '+ 1 more field. Print the whole answer with --raw.',
  ]);
});
