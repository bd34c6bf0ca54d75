import {
  DeleteEventCommand,
  IngestDataCommand,
  ListActorsCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { DeleteMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import {
  facts,
  likes,
  extractRecords,
  readTexts,
  useMemoryWithStrategies,
} from '../../../support/strategyMemory.ts';
import { useFolder } from '../../../support/agents.ts';
import { BEGINNING, here, useMemory } from '../../../support/memory.ts';

test('Facts from user messages become records in the namespace of the strategy after the delay.', async () => {
  const { id, say, found, emulator, records, strategies } = await useMemoryWithStrategies({
    memoryStrategies: [facts],
  });
  await say(id, 'Hi! My name is Ana and I live in Lisbon. What is the weather there?');
  await say(id, 'I live in the cloud.', {
    payload: [{ conversational: { role: 'ASSISTANT', content: { text: 'I live in the cloud.' } } }],
  });
  await emulator.admin('/clock', { advanceSeconds: 5 });
  expect(await found(id, 'Lisbon')).toEqual([]);
  const [name, home, ...others] = await records('/facts/ana/');
  expect(others).toEqual([]);
  expect(name?.content).toEqual({ text: 'The user is named Ana.' });
  expect(home).toMatchObject({
    content: { text: 'The user lives in Lisbon.' },
    namespaces: ['/facts/ana/'],
    memoryStrategyId: strategies[0]!.strategyId,
    metadata: { extractor: { stringValue: 'built-in rules - approximate' } },
  });
  expect((await found(id, 'Where does she live?'))[0]?.text).toBe('The user lives in Lisbon.');
});

test('A note of the assistant about the user becomes a record, and general knowledge does not.', async () => {
  const { id, say, found, records } = await useMemoryWithStrategies({ memoryStrategies: [facts] });
  const text = 'The user lives in Lisbon and has a dog. Lisbon is the capital of Portugal.';
  await say(id, text, {
    payload: [{ conversational: { role: 'ASSISTANT', content: { text } } }],
  });
  expect(new Set(readTexts(await records('/facts/ana/')))).toEqual(
    new Set(['The user lives in Lisbon.', 'The user has a dog.']),
  );
  expect((await found(id, 'Where does the user live?'))[0]?.score).toBeGreaterThan(0.7);
});

test('A repeated fact adds no record, and a contradicting fact replaces it, across sessions of the actor.', async () => {
  const { id, say, records } = await useMemoryWithStrategies({ memoryStrategies: [facts] });
  await say(id, 'I live in Lisbon.');
  const [first] = await records('/facts/ana/');
  await say(id, 'As you know, I live in Lisbon.', { sessionId: 'two' });
  expect(readTexts(await records('/facts/ana/'))).toEqual(['The user lives in Lisbon.']);
  await say(id, 'I moved to Porto last week.', { sessionId: 'three' });
  await say(id, "I don't live in Lisbon any more.", { sessionId: 'three' });
  await say(id, 'I live in Berlin.', { actorId: 'bob' });
  await say(id, 'I moved to Vienna.', { actorId: 'bob' });
  const [second, ...others] = await records('/facts/ana/');
  expect(others).toEqual([]);
  expect(second).toMatchObject({ content: { text: 'The user lives in Porto.' } });
  expect(second?.memoryRecordId).toBe(first?.memoryRecordId);
  expect(readTexts(await records('/facts/bob/'))).toEqual(['The user lives in Vienna.']);
});

test('Preferences have the format of AWS and can be retracted.', async () => {
  const { id, say, records } = await useMemoryWithStrategies({ memoryStrategies: [likes] });
  await say(id, 'I like sushi. My favourite colour is green.');
  const read = async () =>
    readTexts(await records('/likes/ana/')).map((text) => JSON.parse(text ?? '') as object);
  expect(await read()).toEqual([
    { context: 'The user said: I like sushi.', preference: 'Likes sushi', categories: ['general'] },
    {
      context: 'The user said: My favourite colour is green.',
      preference: 'Likes green (favourite colour)',
      categories: ['colour'],
    },
  ]);
  await say(id, 'I really like sushi.');
  expect(await read()).toMatchObject([{ context: 'The user said: I like sushi.' }, {}]);
  await say(id, "I don't like sushi any more, and my favourite colour is blue.");
  expect(await read()).toMatchObject([
    { preference: 'No longer likes sushi' },
    { preference: 'Likes blue (favourite colour)' },
  ]);
});

test('A session has one summary and one episode, which later messages extend.', async () => {
  const { id, say, records, strategies } = await useMemoryWithStrategies({
    memoryStrategies: [
      { summaryMemoryStrategy: { name: 'Summary' } },
      {
        episodicMemoryStrategy: { name: 'Episodes', namespaceTemplates: ['/episodes/{actorId}/'] },
      },
    ],
  });
  const summary = `/strategies/${strategies[0]!.strategyId}/actors/ana/sessions/one/`;
  const message = (role: 'USER' | 'ASSISTANT', text: string) => ({
    conversational: { role, content: { text } },
  });
  await say(id, '', { payload: [message('USER', 'Book me a flight <to> Rome. Soon.')] });
  await records(summary);
  await say(id, '', {
    payload: [message('ASSISTANT', 'It is booked.'), message('USER', 'Which gate?')],
  });
  await say(id, 'Another session.', { sessionId: 'two' });
  expect(readTexts(await records(summary))).toEqual([
    `<topic name="Conversation">
The user said: Book me a flight &lt;to&gt; Rome.
The assistant said: It is booked.
The user asked: Which gate?
</topic>`,
  ]);
  await say(id, 'Thanks.');
  expect(readTexts(await records('/episodes/ana/'))).toEqual([
    '<episode><goal>Book me a flight &lt;to&gt; Rome.</goal><outcome>It is booked.</outcome></episode>',
    '<episode><goal>Another session.</goal><outcome>open</outcome></episode>',
  ]);
});

test('A summary drops its oldest lines to stay within the size of a record.', async () => {
  const { id, say, records } = await useMemoryWithStrategies({
    memoryStrategies: [
      { summaryMemoryStrategy: { name: 'Summary', namespaceTemplates: ['/{sessionId}/'] } },
    ],
  });
  const payload = Array.from({ length: 100 }, (_, index) => ({
    conversational: { role: 'USER' as const, content: { text: `${index} ${'<'.repeat(300)}` } },
  }));
  await say(id, '', { payload });
  const [text = ''] = readTexts(await records('/one/'));
  expect(text.length).toBeLessThanOrEqual(16_000);
  expect(text).toContain('said: 99 ');
  expect(text).not.toContain('said: 0 ');
});

test('A custom strategy extracts the kind of insight that it overrides.', async () => {
  const prompt = { appendToPrompt: 'Keep it short.', modelId: 'a-model' };
  const { id, say, records } = await useMemoryWithStrategies({
    memoryStrategies: [
      {
        customMemoryStrategy: {
          name: 'Mine',
          namespaceTemplates: ['/mine/{actorId}/{sessionId}'],
          configuration: { userPreferenceOverride: { extraction: prompt, consolidation: prompt } },
        },
      },
    ],
    memoryExecutionRoleArn: 'arn:aws:iam::000000000000:role/memory',
  });
  await say(id, 'I live in Lisbon. I love jazz.');
  expect(readTexts(await records('/mine/ana/one'))).toEqual([
    expect.stringContaining('Likes jazz'),
  ]);
});

test('An event that skips extraction or is deleted before it adds no record.', async () => {
  const { id, say, data, records } = await useMemoryWithStrategies({ memoryStrategies: [facts] });
  await say(id, 'I live in Lisbon.', { extractionMode: 'SKIP' });
  const { eventId } = await say(id, 'My name is Ana.');
  await say(id, 'I am vegan.');
  await data.send(new DeleteEventCommand({ memoryId: id, ...here, eventId }));
  expect(readTexts(await records('/facts/ana/'))).toEqual(['The user is vegan.']);
});

test('A session without pauses is extracted within a minute.', async () => {
  const { id, say, found, emulator } = await useMemoryWithStrategies({ memoryStrategies: [facts] });
  await say(id, 'I live in Lisbon.');
  for (let round = 0; round < 8; round += 1) {
    await emulator.admin('/clock', { advanceSeconds: 8 });
    await say(id, 'Go on.');
  }
  expect(await found(id, 'Lisbon')).toHaveLength(1);
});

test('The extraction delay can be configured.', async () => {
  const { id, say, found, emulator } = await useMemoryWithStrategies(
    { memoryStrategies: [facts] },
    { extractionDelay: 100 },
  );
  await say(id, 'I live in Lisbon.');
  await emulator.admin('/clock', { advanceSeconds: 90 });
  expect(await found(id, 'Lisbon')).toEqual([]);
  await emulator.admin('/clock', { advanceSeconds: 15 });
  expect(await found(id, 'Lisbon')).toHaveLength(1);
});

test('The text of a message that a framework stored as JSON is extracted.', async () => {
  const { id, say, records } = await useMemoryWithStrategies({ memoryStrategies: [facts] });
  const message = { role: 'user', content: [{ text: 'I work at Philips.' }] };
  await say(id, JSON.stringify({ message, message_id: 0 }));
  expect(readTexts(await records('/facts/ana/'))).toEqual(['The user works at Philips.']);
});

test('IngestData creates records and no events.', async () => {
  const dataFolder = await useFolder();
  const first = await useMemoryWithStrategies({ memoryStrategies: [facts] }, { dataFolder });
  const command = new IngestDataCommand({
    memoryId: first.id,
    actorId: 'ana',
    contentTimestamp: new Date(BEGINNING),
    clientToken: 't'.repeat(40),
    source: {
      inline: {
        payload: [
          { conversational: { role: 'USER', content: { text: 'I live in Lisbon.' } } },
          { json: { content: { text: 'I live in Porto.' } } },
        ],
      },
    },
  });
  const { sessionId, $metadata } = await first.data.send(command);
  expect($metadata.httpStatusCode).toBe(202);
  expect((await first.data.send(command)).sessionId).toBe(sessionId);
  await first.emulator.close();
  const second = await useMemory({ dataFolder });
  const { actorSummaries } = await second.data.send(new ListActorsCommand({ memoryId: first.id }));
  expect(actorSummaries).toEqual([]);
  expect(readTexts(await extractRecords(second, first.id, '/facts/ana/'))).toEqual([
    'The user lives in Lisbon.',
  ]);
  const { id: bare } = await second.create({ name: 'Bare' });
  await expect(
    second.data.send(new IngestDataCommand({ ...command.input, memoryId: bare })),
  ).rejects.toMatchObject({ message: expect.stringMatching(/has no strategies/) });
});

test('Pending events are extracted after a restart of the emulator.', async () => {
  const dataFolder = await useFolder();
  const first = await useMemoryWithStrategies({ memoryStrategies: [facts] }, { dataFolder });
  await first.say(first.id, 'I live in Lisbon.');
  await first.emulator.close();
  const second = await useMemory({ dataFolder });
  expect(await second.found(first.id, 'Lisbon')).toEqual([]);
  await second.emulator.admin('/clock', { advanceSeconds: 10 });
  expect(await second.found(first.id, 'Lisbon')).toMatchObject([{ score: 1 }]);
});

test('Pending events with times in the future are extracted after a reset of the clock.', async () => {
  const dataFolder = await useFolder();
  const first = await useMemoryWithStrategies({ memoryStrategies: [facts] }, { dataFolder });
  await first.emulator.admin('/clock', { advanceSeconds: 86_400 });
  await first.say(first.id, 'I live in Lisbon.');
  await first.emulator.close();
  const second = await useMemory({ dataFolder, resetClock: true });
  expect(await second.found(first.id, 'Lisbon')).toEqual([]);
  await second.emulator.admin('/clock', { advanceSeconds: 10 });
  expect(await second.found(first.id, 'Lisbon')).toMatchObject([{ score: 1 }]);
});

test('Deleting a memory removes its pending events.', async () => {
  const { id, say, found, control, emulator, create } = await useMemoryWithStrategies({
    memoryStrategies: [facts],
  });
  const { id: otherId = '' } = await create({ name: 'Other', memoryStrategies: [facts] });
  await say(otherId, 'I live in Porto.');
  await control.send(new DeleteMemoryCommand({ memoryId: otherId }));
  await say(id, 'I live in Lisbon.');
  await emulator.admin('/clock', { advanceSeconds: 30 });
  expect(await found(id, 'Lisbon')).toHaveLength(1);
});
