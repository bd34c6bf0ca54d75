import { expect, test } from 'vitest';
import { builtInExtractor } from '../../../../emulator/services/memory/extraction/builtIn.ts';
import type { Transcript } from '../../../../emulator/services/memory/extraction/extractor.ts';
import { corpus, type LabelledTurn } from './corpus.ts';

/** A gist as the corpus writes it. */
const bare = (gist: string) =>
  gist
    .replace(/^The user ?(?:'s )?/, '')
    .replace(/\.$/, '')
    .replaceAll('’', "'")
    .toLowerCase();

const told = (role: 'USER' | 'ASSISTANT', text: string): Transcript => ({
  session: 'one',
  turns: [{ role, text, at: 0 }],
});

/** How right the extractor is about some turns, and how much of what they say it finds. */
async function measure(turns: typeof corpus) {
  let right = 0;
  let found = 0;
  let wanted = 0;
  for (const { text, role = 'USER', facts = [], preferences = [] } of turns) {
    for (const [kind, labels] of [
      ['facts', facts],
      ['preferences', preferences],
    ] as const) {
      const insights = await builtInExtractor.extract(kind, told(role, text), () => undefined);
      const gists = insights.map(({ gist }) => bare(gist));
      const expected = labels.map(bare);
      right += gists.filter((gist) => expected.includes(gist)).length;
      found += gists.length;
      wanted += expected.length;
    }
  }
  return { precision: right / found, recall: right / wanted };
}

test.for([
  ['that the rules were made by', 0],
  ['that they were not', 1],
] as const)(
  'of the turns %s, nine in ten insights are right, and seven in ten are found',
  async ([, half]) => {
    expect(corpus).toHaveLength(100);
    const { precision, recall } = await measure(corpus.filter((_, index) => index % 2 === half));
    expect(precision).toBeGreaterThanOrEqual(0.9);
    expect(recall).toBeGreaterThanOrEqual(0.7);
  },
);

test('questions and what the assistant says yield no facts and no preferences', async () => {
  const silent: LabelledTurn[] = corpus.filter(
    ({ text, role }) => role === 'ASSISTANT' || text.endsWith('?'),
  );
  expect(silent.length).toBeGreaterThan(10);
  const asked: LabelledTurn[] = [
    { text: 'I live in Lisbon, right?' },
    { text: 'So I like sushi?' },
  ];
  for (const { text, role = 'USER' } of [...silent, ...asked]) {
    for (const kind of ['facts', 'preferences'] as const) {
      expect(await builtInExtractor.extract(kind, told(role, text), () => undefined)).toEqual([]);
    }
  }
});
