import { expect, test } from 'vitest';
import { describeImport } from '../../src/shared/importSummary.ts';

test('an import summary counts what was imported', () => {
  const one = { memories: 1, events: 1, records: 1 };
  const others = { memories: 0, events: 2, records: 1_000 };
  expect(describeImport({ added: one, alreadyThere: 1 })).toBe(
    'added 1 memory, 1 event and 1 record; 1 already existed',
  );
  expect(describeImport({ added: others, alreadyThere: 0 })).toBe(
    'added 0 memories, 2 events and 1000 records; 0 already existed',
  );
});
