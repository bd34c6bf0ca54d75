import { expect, test } from 'vitest';
import { useMemory } from '../../../support/memory.ts';
import { writeRecords } from '../../../support/records.ts';

test('Results are ordered by score and match words in any form.', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  await writeRecords(memory, memoryId, [
    'Ana lives in Lisbon',
    'Ana likes hiking in the mountains',
    'Ana likes to eat fish, and lives by the sea with her cat and two dogs',
    'Bob repairs bicycles',
  ]);
  const found = await memory.found(memoryId, 'Where does Ana live? Lisbon?');
  expect(found.map(({ text }) => text?.slice(0, 14))).toEqual([
    'Ana lives in L',
    'Ana likes to e',
    'Ana likes hiki',
    'Bob repairs bi',
  ]);
  const scores = found.map(({ score }) => score!);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(scores[0]).toBe(1);
  expect(scores[2]).toBeGreaterThan(0);
  expect(scores[3]).toBe(0);
  expect(await memory.found(memoryId, 'mountain hike', { topK: 1 })).toMatchObject([
    { text: 'Ana likes hiking in the mountains', score: 1 },
  ]);
});

const aboutAna = [
  'The user is named Ana.',
  'The user lives in Lisbon.',
  'The user works as a nurse at Santa Maria Hospital.',
  "The user's dog is named Kiwi.",
  "The user's order number is 88213.",
  "The user's phone number is 555 0199.",
  'The user is allergic to peanuts.',
  'The user is planning a trip to Norway in June.',
  'The user drives a 2015 Skoda Octavia.',
];

test.for([
  ['Where does the user live?', 'The user lives in Lisbon.'],
  ['Does she live in Lisbon or in Porto?', 'The user lives in Lisbon.'],
  ['Where do I work?', 'The user works as a nurse at Santa Maria Hospital.'],
  ["What's my dog's name?", "The user's dog is named Kiwi."],
  ['What is my order number?', "The user's order number is 88213."],
  ['Which phone number can we call?', "The user's phone number is 555 0199."],
  ['peanut allergy', 'The user is allergic to peanuts.'],
  ['Tell me about the trip to Norway.', 'The user is planning a trip to Norway in June.'],
  ['What car do I drive?', 'The user drives a 2015 Skoda Octavia.'],
] as const)('A clear match scores over 0.7: %s', async ([query, expected]) => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  await writeRecords(memory, memoryId, aboutAna);
  const [first, second] = await memory.found(memoryId, query);
  expect(first?.text).toBe(expected);
  expect(first?.score).toBeGreaterThan(0.7);
  expect(second?.score).toBeLessThan(0.7);
});

test('A record with one of several words of a query scores less than 0.7.', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  await writeRecords(memory, memoryId, aboutAna);
  const [first, second] = await memory.found(memoryId, 'Lisbon restaurants with good fish');
  expect(first?.text).toBe('The user lives in Lisbon.');
  expect(first?.score).toBeGreaterThan(0);
  expect(first?.score).toBeLessThan(0.7);
  expect(second?.score).toBe(0);
});

test('Of two records with the same words, the shorter one ranks higher.', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  await writeRecords(memory, memoryId, [
    'Ana eats fish',
    'Ana eats fish and talks of it for hours, too',
  ]);
  const [first, second] = await memory.found(memoryId, 'fish');
  expect(first).toEqual({ text: 'Ana eats fish', score: 1 });
  expect(second?.score).toBeLessThan(1);
});

test('A record without a word of the query comes last, with a score of 0.', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  expect(await memory.found(memoryId, 'test')).toEqual([]);
  await writeRecords(memory, memoryId, ['Ana lives in Lisbon']);
  expect(await memory.found(memoryId, 'test')).toEqual([{ text: 'Ana lives in Lisbon', score: 0 }]);
});

test.for([
  `"`,
  `Lisbon" OR "x`,
  `text:Lisbon NEAR(a b)`,
  `Lisbon* AND NOT (`,
  `{Lisbon} ^Lisbon + -`,
  `'; DROP TABLE records; --`,
  '\u0000 \u{1f44b}\u{1f3fd} \ud800',
  'the of and',
])('A query is not parsed as search syntax: %j.', async (query) => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  await writeRecords(memory, memoryId, ['Ana lives in Lisbon', 'Bob lives in Porto']);
  const [first, ...others] = await memory.found(memoryId, query);
  expect(others).toHaveLength(1);
  if (query.includes('Lisbon')) expect(first?.text).toBe('Ana lives in Lisbon');
  else expect(first?.score).toBe(0);
});

test('Results are limited to topK and returned in pages.', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  await writeRecords(
    memory,
    memoryId,
    Array.from({ length: 40 }, (_, index) => `fish number ${index}`),
  );
  expect(await memory.found(memoryId, 'fish')).toHaveLength(10);
  const all = new Set<string | undefined>();
  let nextToken: string | undefined;
  const sizes: number[] = [];
  do {
    const page = await memory.retrieve(
      memoryId,
      'fish',
      { topK: 25 },
      { maxResults: 10, nextToken },
    );
    sizes.push(page.memoryRecordSummaries!.length);
    for (const { memoryRecordId } of page.memoryRecordSummaries!) all.add(memoryRecordId);
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  expect(sizes).toEqual([10, 10, 5]);
  expect(all.size).toBe(25);
});
