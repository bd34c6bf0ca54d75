import { expect, test } from 'vitest';
import { builtInExtractor } from '../../../../emulator/services/memory/extraction/builtIn.ts';
import type { Transcript } from '../../../../emulator/services/memory/extraction/extractor.ts';
import { corpus, type LabelledTurn } from './corpus.ts';

/** Converts a gist to the form of the corpus. */
const normalizeGist = (gist: string) =>
  gist
    .replace(/^The user ?(?:'s )?/, '')
    .replace(/\.$/, '')
    .replaceAll('’', "'")
    .toLowerCase();

const transcript = (role: 'USER' | 'ASSISTANT', text: string): Transcript => ({
  session: 'one',
  messages: [{ role, text, at: 0 }],
});

/** Returns precision and recall of the extractor on some messages. */
async function measure(turns: typeof corpus) {
  let right = 0;
  let found = 0;
  let expectedCount = 0;
  for (const { text, role = 'USER', facts = [], preferences = [] } of turns) {
    for (const [kind, labels] of [
      ['facts', facts],
      ['preferences', preferences],
    ] as const) {
      const insights = await builtInExtractor.extract(
        kind,
        transcript(role, text),
        () => undefined,
      );
      const gists = insights.map(({ gist }) => normalizeGist(gist));
      const expected = labels.map(normalizeGist);
      right += gists.filter((gist) => expected.includes(gist)).length;
      found += gists.length;
      expectedCount += expected.length;
    }
  }
  return { precision: right / found, recall: right / expectedCount };
}

test.for([
  ['that the rules were developed on', 0],
  ['that only measure the rules', 1],
] as const)(
  'On the messages %s, precision is at least 0.9 and recall at least 0.7.',
  async ([, half]) => {
    expect(corpus).toHaveLength(100);
    const { precision, recall } = await measure(corpus.filter((_, index) => index % 2 === half));
    expect(precision).toBeGreaterThanOrEqual(0.9);
    expect(recall).toBeGreaterThanOrEqual(0.7);
  },
);

test('Questions and assistant messages yield no facts or preferences.', async () => {
  const withoutInsights: LabelledTurn[] = corpus.filter(
    ({ text, role }) => role === 'ASSISTANT' || text.endsWith('?'),
  );
  expect(withoutInsights.length).toBeGreaterThan(10);
  const questions: LabelledTurn[] = [
    { text: 'I live in Lisbon, right?' },
    { text: 'So I like sushi?' },
  ];
  for (const { text, role = 'USER' } of [...withoutInsights, ...questions]) {
    for (const kind of ['facts', 'preferences'] as const) {
      expect(await builtInExtractor.extract(kind, transcript(role, text), () => undefined)).toEqual(
        [],
      );
    }
  }
});
