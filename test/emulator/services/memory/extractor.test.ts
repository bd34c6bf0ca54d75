import { expect, test } from 'vitest';
import { builtInExtractor } from '../../../../emulator/services/memory/extraction/builtIn.ts';
import type { Transcript } from '../../../../emulator/services/memory/extraction/extractor.ts';
import {
  halfOfTurns,
  isPartOf,
  statesFact,
  turns,
  type ConversationTurn,
} from './conversations.ts';
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
  'On the messages %s, precision is at least 0.9 and recall at least 0.75.',
  async ([, half]) => {
    expect(corpus).toHaveLength(100);
    const { precision, recall } = await measure(corpus.filter((_, index) => index % 2 === half));
    expect(precision).toBeGreaterThanOrEqual(0.9);
    expect(recall).toBeGreaterThanOrEqual(0.75);
  },
);

/** Returns precision and recall of the facts in some turns of conversations. */
async function measureConversations(measured: readonly ConversationTurn[]) {
  let right = 0;
  let wrong = 0;
  let found = 0;
  let expected = 0;
  for (const { role, text, facts = [], optional = [] } of measured) {
    const labels = [...facts, ...optional];
    const insights = await builtInExtractor.extract(
      'facts',
      transcript(role, text),
      () => undefined,
    );
    const states = (label: string) => insights.some(({ gist }) => statesFact(gist, label, labels));
    for (const { gist } of insights) {
      // A record of an optional fact does not count.
      if (facts.some((label) => statesFact(gist, label, labels))) right += 1;
      else if (!labels.some((label) => statesFact(gist, label, labels) || isPartOf(gist, label)))
        wrong += 1;
    }
    found += facts.filter(states).length;
    expected += facts.length;
  }
  return { precision: right / (right + wrong), recall: found / expected };
}

test.for([
  ['that the rules were developed on', halfOfTurns(0)],
  ['that only measure the rules', halfOfTurns(1)],
] as const)(
  'In the conversations %s, precision is at least 0.9 and recall at least 0.75.',
  async ([name, measured]) => {
    expect(turns).toHaveLength(150);
    const { precision, recall } = await measureConversations(measured);
    console.info(
      `Conversations ${name}: precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}`,
    );
    expect(precision).toBeGreaterThanOrEqual(0.9);
    expect(recall).toBeGreaterThanOrEqual(0.75);
  },
);

test.for([
  ['Your dog Kiwi and your two cats can travel with you.', ['has two cats', 'dog is named kiwi']],
  ['The user works at Atlassian and has a dog.', ['works at atlassian', 'has a dog']],
  ["User's phone number: 555 0199.", ['phone number is 555 0199']],
  ['I updated your address to 9 Mill Lane, York.', ['address is 9 mill lane, york']],
  ['I live in the cloud, and my name is Nova.', []],
  ['Our phone number is 555 0199.', []],
  ['If you live in Rome, you have a garden.', []],
  ['When you live in Rome, you have a garden.', []],
  ['Dogs need a walk twice a day. You have three options.', []],
  ['Thanks, great. Sure, Monday.', []],
] as const)('The assistant says %j.', async ([text, expected]) => {
  const insights = await builtInExtractor.extract(
    'facts',
    transcript('ASSISTANT', text),
    () => undefined,
  );
  expect(insights.map(({ gist }) => normalizeGist(gist)).toSorted()).toEqual(
    [...expected].toSorted(),
  );
});

test('Questions, and what the assistant says about itself, yield no facts or preferences.', async () => {
  const withoutInsights: LabelledTurn[] = corpus.filter(
    ({ text, facts, preferences }) => text.endsWith('?') && !facts && !preferences,
  );
  expect(withoutInsights.length).toBeGreaterThan(5);
  const others: LabelledTurn[] = [
    { text: 'I live in Lisbon, right?' },
    { text: 'So I like sushi?' },
    { text: 'I like helping people. I live in the cloud.', role: 'ASSISTANT' },
    { text: 'My favourite place is the beach!', role: 'ASSISTANT' },
  ];
  for (const { text, role = 'USER' } of [...withoutInsights, ...others]) {
    for (const kind of ['facts', 'preferences'] as const) {
      expect(await builtInExtractor.extract(kind, transcript(role, text), () => undefined)).toEqual(
        [],
      );
    }
  }
});
