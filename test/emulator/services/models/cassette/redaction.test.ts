import { expect, test } from 'vitest';
import {
  createRedaction,
  mergeSplitDeltas,
} from '../../../../../emulator/services/models/cassette/redaction.ts';
import type { ModelEvent } from '../../../../../emulator/services/models/modelEvent.ts';

const redact = createRedaction({
  DATABASE_PASSWORD: 'correct horse battery',
  SHELL: '/bin/bash-long',
});

test.for([
  ['AKIAIOSFODNN7EXAMPLE in a text', '[redacted] in a text'],
  ['Authorization: Bearer abcdefghijklmnop', 'Authorization: Bearer [redacted]'],
  ['the correct horse battery staple', 'the [redacted] staple'],
  ['runs /bin/bash-long', 'runs /bin/bash-long'],
  ['task-based risk-assessment', 'task-based risk-assessment'],
])('%j becomes %j.', ([text, redacted]) => {
  expect(redact(text!)).toBe(redacted);
});

test('Deltas are merged only if they hold a secret together.', () => {
  const deltas = (...texts: string[]) => texts.map((text): ModelEvent => ({ type: 'text', text }));
  expect(mergeSplitDeltas(deltas('AKIAIOSF', 'ODNN7EXAMPLE'), redact)).toEqual(
    deltas('AKIAIOSFODNN7EXAMPLE'),
  );
  expect(mergeSplitDeltas(deltas('Hello ', 'there'), redact)).toEqual(deltas('Hello ', 'there'));
});
