import {
  CreateEventCommand,
  DeleteEventCommand,
  GetEventCommand,
  ListActorsCommand,
  ListEventsCommand,
  ListSessionsCommand,
  paginateListEvents,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { BEGINNING, here, readText, useMemory } from '../../../support/memory.ts';

const DAY = 24 * 60 * 60;

test('ListEvents returns events unchanged, newest first.', async () => {
  const { create, say, said, data } = await useMemory();
  const { id: memoryId = '' } = await create();
  const first = await say(memoryId, 'one');
  expect(first).toMatchObject({
    memoryId,
    ...here,
    eventId: expect.stringMatching(/^\d{19}#[0-9a-f]{8}$/),
    eventTimestamp: new Date(BEGINNING + 1_000),
    branch: { name: 'main' },
  });
  await say(memoryId, 'two');
  await say(memoryId, 'three');
  expect(await said(memoryId)).toEqual(['three', 'two', 'one']);
  const { event } = await data.send(
    new GetEventCommand({ memoryId, ...here, eventId: first.eventId }),
  );
  expect(event).toEqual(first);
});

test('Events are ordered by time, then by order of acceptance.', async () => {
  const { create, say, said } = await useMemory();
  const { id = '' } = await create();
  const eventTimestamp = new Date(BEGINNING);
  for (const text of ['a', 'b', 'c']) await say(id, text, { eventTimestamp });
  await say(id, 'before', { eventTimestamp: new Date(BEGINNING - 1) });
  expect(await said(id)).toEqual(['c', 'b', 'a', 'before']);
});

test('Payloads of every kind and metadata are returned unchanged.', async () => {
  const { create, data } = await useMemory();
  const { id: memoryId } = await create();
  const payload = [
    { conversational: { role: 'ASSISTANT' as const, content: { text: 'ünïcödé 👋🏽' } } },
    { blob: { nested: [1, 2.5, null, 'text', { deep: true }] } },
    { blob: 'a text' },
    { json: { content: { state: 'x' } } },
  ];
  const metadata = { topic: { stringValue: 'travel' } };
  const { event } = await data.send(
    new CreateEventCommand({
      memoryId,
      ...here,
      eventTimestamp: new Date(BEGINNING + 1),
      payload,
      metadata,
    }),
  );
  const { events } = await data.send(new ListEventsCommand({ memoryId, ...here }));
  expect(events).toEqual([event]);
  expect(event).toMatchObject({ payload, metadata, eventTimestamp: new Date(BEGINNING + 1) });
  const { events: bare } = await data.send(
    new ListEventsCommand({ memoryId, ...here, includePayloads: false }),
  );
  const { payload: _, ...withoutPayload } = event!;
  expect(bare).toEqual([withoutPayload]);
});

test('An event without a session id gets a new one.', async () => {
  const { create, say, said } = await useMemory();
  const { id = '' } = await create();
  const { sessionId } = await say(id, 'hello', { sessionId: undefined });
  expect(sessionId).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(await said(id, { sessionId })).toEqual(['hello']);
});

test('Pages of events stay consistent when events are added.', async () => {
  const { create, say, data } = await useMemory();
  const { id: memoryId = '' } = await create();
  for (let number = 1; number <= 45; number += 1) await say(memoryId, String(number));
  const { events, nextToken } = await data.send(new ListEventsCommand({ memoryId, ...here }));
  expect(events).toHaveLength(20);
  await say(memoryId, '46');
  const rest: string[] = [];
  for await (const page of paginateListEvents(
    { client: data, startingToken: nextToken, pageSize: 10 },
    { memoryId, ...here },
  )) {
    rest.push(...page.events!.map(readText));
  }
  expect(rest).toEqual(Array.from({ length: 25 }, (_, index) => String(25 - index)));
});

test('A page token of another list is rejected.', async () => {
  const { create, say, data } = await useMemory();
  const { id: memoryId = '' } = await create();
  for (const text of ['a', 'b']) await say(memoryId, text);
  const { nextToken } = await data.send(
    new ListEventsCommand({ memoryId, ...here, maxResults: 1 }),
  );
  for (const wrong of ['rubbish', nextToken]) {
    await expect(
      data.send(new ListEventsCommand({ memoryId, ...here, actorId: 'bob', nextToken: wrong })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(/nextToken/),
    });
  }
});

test('A branch starts at an event, and its parents are listed up to that event.', async () => {
  const { create, say, said } = await useMemory();
  const { id = '' } = await create();
  await say(id, 'm1');
  const m2 = await say(id, 'm2');
  await say(id, 'm3');
  const b1 = await say(id, 'b1', { branch: { name: 'b', rootEventId: m2.eventId } });
  expect(b1.branch).toEqual({ name: 'b', rootEventId: m2.eventId });
  await say(id, 'b2', { branch: { name: 'b' } });
  await say(id, 'c1', { branch: { name: 'c', rootEventId: b1.eventId } });
  const of = (name: string, includeParentBranches = false) =>
    said(id, { filter: { branch: { name, includeParentBranches } } });
  expect(await of('b')).toEqual(['b2', 'b1']);
  expect(await of('b', true)).toEqual(['b2', 'b1', 'm2', 'm1']);
  expect(await of('c', true)).toEqual(['c1', 'b1', 'm2', 'm1']);
  expect(await of('main')).toEqual(['m3', 'm2', 'm1']);
  expect(await of('nothing', true)).toEqual([]);
  expect(await said(id)).toHaveLength(6);
});

test('An invalid branch is rejected with a reason.', async () => {
  const { create, say } = await useMemory();
  const { id = '' } = await create();
  const root = await say(id, 'm1');
  const second = await say(id, 'm2');
  const elsewhere = await say(id, 'x', { sessionId: 'two' });
  await say(id, 'b1', { branch: { name: 'b', rootEventId: root.eventId } });
  const attempts = [
    [
      { name: 'new' },
      { message: expect.stringMatching(/rootEventId is missing: branch new does not exist/) },
    ],
    [{ name: 'b', rootEventId: second.eventId }, { reason: 'ResourceConflict' }],
    [{ name: 'new', rootEventId: elsewhere.eventId }, { reason: 'EventInOtherSession' }],
    [{ name: 'new', rootEventId: '1#a' }, { name: 'ResourceNotFoundException' }],
    [{ name: 'main', rootEventId: root.eventId }, { message: expect.stringMatching(/main/) }],
  ] as const;
  for (const [branch, error] of attempts) {
    await expect(say(id, 'no', { branch })).rejects.toMatchObject(error);
  }
});

test('Events can be filtered by metadata.', async () => {
  const { create, say, said } = await useMemory();
  const { id = '' } = await create();
  const of = (topic: string) => ({ metadata: { topic: { stringValue: topic } } });
  await say(id, 'plain');
  await say(id, 'travel', of('travel'));
  await say(id, 'food', of('food'));
  const left = { metadataKey: 'topic' };
  const right = { metadataValue: { stringValue: 'food' } };
  const filtered = (expression: object) =>
    said(id, { filter: { eventMetadata: [expression as never] } });
  expect(await filtered({ left, operator: 'EQUALS_TO', right })).toEqual(['food']);
  expect(await filtered({ left, operator: 'EXISTS' })).toEqual(['food', 'travel']);
  expect(await filtered({ left, operator: 'NOT_EXISTS' })).toEqual(['plain']);
  await expect(filtered({ left, operator: 'EQUALS_TO' })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(/EQUALS_TO for 'topic' requires a value on the right/),
  });
});

test('ListActors and ListSessions list actors and sessions; HAS_EVENTS excludes empty sessions.', async () => {
  const { create, say, data } = await useMemory();
  const { id: memoryId = '' } = await create();
  const { eventId } = await say(memoryId, 'a');
  await say(memoryId, 'b', { sessionId: 'two' });
  await say(memoryId, 'c', { actorId: 'bob/of:team' });
  const { actorSummaries } = await data.send(new ListActorsCommand({ memoryId }));
  expect(actorSummaries).toEqual([{ actorId: 'ana' }, { actorId: 'bob/of:team' }]);
  const sessions = async (actorId: string, eventFilter?: 'HAS_EVENTS') =>
    (
      await data.send(
        new ListSessionsCommand({
          memoryId,
          actorId,
          ...(eventFilter && { filter: { eventFilter } }),
        }),
      )
    ).sessionSummaries!.map(({ sessionId }) => sessionId);
  expect(await sessions('ana')).toEqual(['one', 'two']);
  expect(await sessions('bob/of:team')).toEqual(['one']);
  await data.send(new DeleteEventCommand({ memoryId, ...here, eventId }));
  expect(await sessions('ana')).toEqual(['one', 'two']);
  expect(await sessions('ana', 'HAS_EVENTS')).toEqual(['two']);
});

test('An event expires eventExpiryDuration days after it was accepted, independent of its timestamp.', async () => {
  const { create, say, said, data, emulator } = await useMemory();
  const { id: memoryId = '' } = await create({ eventExpiryDuration: 3 });
  await say(memoryId, 'old', { eventTimestamp: new Date(0) });
  await emulator.admin('/clock', { advanceSeconds: 3 * DAY - 60 });
  await say(memoryId, 'new');
  expect(await said(memoryId)).toEqual(['new', 'old']);
  await emulator.admin('/clock', { advanceSeconds: 61 });
  expect(await said(memoryId)).toEqual(['new']);
  await emulator.admin('/clock', { advanceSeconds: 3 * DAY });
  expect(await said(memoryId)).toEqual([]);
  const { actorSummaries } = await data.send(new ListActorsCommand({ memoryId }));
  expect(actorSummaries).toEqual([]);
});

test('A repeated client token returns the first event and ignores the rest of the request.', async () => {
  const { create, say, said } = await useMemory();
  const { id = '' } = await create();
  const sent = { eventTimestamp: new Date(BEGINNING), clientToken: 't'.repeat(40) };
  const first = await say(id, 'hello', sent);
  expect(await say(id, 'hello', sent)).toEqual(first);
  // Strands stamps each retry with the time of the retry.
  const retry = { ...sent, eventTimestamp: new Date(BEGINNING + 5_000) };
  expect(await say(id, 'hello', retry)).toEqual(first);
  const unknownRoot = { branch: { name: 'other', rootEventId: '0#0' } };
  expect(await say(id, 'other', { ...sent, ...unknownRoot })).toEqual(first);
  expect(await said(id)).toEqual(['hello']);
});

test('A client token can be reused after its event has expired.', async () => {
  const { create, say, said, emulator } = await useMemory();
  const { id = '' } = await create({ eventExpiryDuration: 3 });
  const sent = { eventTimestamp: new Date(BEGINNING), clientToken: 't'.repeat(40) };
  const first = await say(id, 'hello', sent);
  await emulator.admin('/clock', { advanceSeconds: 3 * DAY - 60 });
  await say(id, 'meanwhile');
  // Before the hourly sweep.
  await emulator.admin('/clock', { advanceSeconds: 61 });
  expect(await said(id)).toEqual(['meanwhile']);
  const again = await say(id, 'hello', sent);
  expect(again.eventId).not.toBe(first.eventId);
  expect(await said(id)).toEqual(['meanwhile', 'hello']);
});

test('Input that exceeds AWS limits is rejected.', async () => {
  const { create, say, data } = await useMemory();
  const { id: memoryId = '' } = await create();
  await expect(say(memoryId, 'x'.repeat(100_001))).rejects.toMatchObject({
    message: expect.stringMatching(/length less than or equal to 100000/),
  });
  await expect(say(memoryId, 'x', { sessionId: 's'.repeat(101) })).rejects.toMatchObject({
    message: expect.stringMatching(/'sessionId'.*length less than or equal to 100/),
  });
  const blob = 'x'.repeat(1_000_000);
  await expect(
    data.send(
      new CreateEventCommand({
        memoryId,
        ...here,
        eventTimestamp: new Date(),
        payload: Array.from({ length: 11 }, () => ({ blob })),
      }),
    ),
  ).rejects.toMatchObject({
    message: expect.stringMatching(/payload: \d+ bytes exceed the limit of 10000000 bytes/),
  });
});
