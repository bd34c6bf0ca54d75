import {
  DeleteEventCommand,
  GetEventCommand,
  ListEventsCommand,
  ListSessionsCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { here, useMemory } from '../../../support/memory.ts';

test('An event without content is accepted, and the parts of a payload keep their order.', async () => {
  const { create, say, data } = await useMemory();
  const { id: memoryId = '' } = await create();
  await say(memoryId, '', { payload: [] });
  const parts = ['c', 'a', 'b'].map((blob) => ({ blob }));
  await say(memoryId, '', { payload: parts });
  const { events } = await data.send(new ListEventsCommand({ memoryId, ...here }));
  expect(events!.map(({ payload }) => payload)).toEqual([parts, []]);
});

test('An unknown actor or session has no events, and an actor without events has no sessions.', async () => {
  const { create, say, said, data } = await useMemory();
  const { id: memoryId = '' } = await create();
  await say(memoryId, 'hello');
  expect(await said(memoryId, { actorId: 'bob' })).toEqual([]);
  expect(await said(memoryId, { sessionId: 'two' })).toEqual([]);
  const { sessionSummaries } = await data.send(
    new ListSessionsCommand({ memoryId, actorId: 'bob' }),
  );
  expect(sessionSummaries).toEqual([]);
});

test('DeleteEvent returns the id, and a missing event is reported in the words of AWS.', async () => {
  const { create, say, data } = await useMemory();
  const { id: memoryId = '' } = await create();
  const { eventId } = await say(memoryId, 'hello');
  const event = { memoryId, ...here, eventId };
  const { eventId: deleted } = await data.send(new DeleteEventCommand(event));
  expect(deleted).toBe(eventId);
  for (const command of [new GetEventCommand(event), new DeleteEventCommand(event)]) {
    await expect(data.send(command as GetEventCommand)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: expect.stringMatching(`^Unable to find event with id ${eventId}\\. `),
    });
  }
});

test('A malformed memory id is invalid, and an unknown one is not found.', async () => {
  const { create, said } = await useMemory();
  const { id, arn = '' } = await create();
  for (const malformed of ['not a memory id', 'no_hyphen_in_it', `${arn}/more`]) {
    await expect(said(malformed)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(
        /^Invalid memoryId: not a valid memory ID or ARN\. 1 validation error detected: .*'memoryId'/,
      ),
    });
  }
  await expect(said('Nothing-0123456789')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Memory not found: Nothing-0123456789. Memories: ${id}`,
  });
});

test('A page of more than 100 events is refused.', async () => {
  const { create, said } = await useMemory();
  const { id = '' } = await create();
  await expect(said(id, { maxResults: 101 })).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
  });
});
