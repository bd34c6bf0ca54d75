import { ListMemoriesCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { importInto } from '../../../support/lines.ts';
import { BEGINNING, here, useMemory } from '../../../support/memory.ts';

test('A handwritten seed needs no ids, strategy ids or times.', async () => {
  const lines = [
    {
      type: 'memory',
      name: 'Hand',
      eventExpiryDuration: 30,
      strategies: [{ name: 'Facts', type: 'SEMANTIC', namespaces: ['/facts/{actorId}/'] }],
    },
    {
      type: 'event',
      memory: 'Hand',
      ...here,
      eventTimestamp: '2026-01-01T00:00:00Z',
      payload: [{ conversational: { role: 'USER', content: { text: 'I live in Rome.' } } }],
    },
    {
      type: 'record',
      memory: 'Hand',
      namespaces: ['/facts/ana/'],
      memoryStrategyId: 'Facts',
      content: { text: 'Ana likes cheese.' },
    },
  ];
  const { emulator, control, said, found } = await useMemory();
  const added = { memories: 1, events: 1, records: 1 };
  expect(await importInto(emulator, lines)).toMatchObject({ added, alreadyThere: 0 });
  expect(await importInto(emulator, lines)).toMatchObject({ alreadyThere: 3 });
  const { memories } = await control.send(new ListMemoriesCommand({}));
  const id = memories![0]!.id!;
  expect(id).toMatch(/^Hand-[A-Za-z0-9]{10}$/);
  expect(await said(id)).toEqual(['I live in Rome.']);
  await emulator.admin('/clock', { advanceSeconds: 30 });
  expect((await found(id, 'cheese Rome')).map(({ text }) => text)).toEqual(
    expect.arrayContaining(['Ana likes cheese.', expect.stringMatching(/Rome/)]),
  );
});

test('A new event sorts after imported events of the same time.', async () => {
  const { emulator, create, say, said } = await useMemory();
  const { id = '' } = await create();
  const event = {
    type: 'event',
    memory: 'Notes',
    ...here,
    eventTimestamp: new Date(BEGINNING),
    eventId: `${String(BEGINNING).padStart(19, '0')}#fa53e54a`,
    payload: [{ conversational: { role: 'USER', content: { text: 'imported' } } }],
  };
  await importInto(emulator, [event]);
  for (const text of ['one', 'two']) await say(id, text, { eventTimestamp: new Date(BEGINNING) });
  expect(await said(id)).toEqual(['two', 'one', 'imported']);
});

test('Events can be added after an import used the highest sequence number of their time.', async () => {
  const { emulator, create, say, said } = await useMemory();
  const { id = '' } = await create();
  const imported = (number: string) => ({
    type: 'event',
    memory: 'Notes',
    ...here,
    eventTimestamp: new Date(BEGINNING),
    eventId: `${String(BEGINNING).padStart(19, '0')}#${number}`,
    payload: [{ conversational: { role: 'USER', content: { text: number } } }],
  });
  await importInto(emulator, ['00000004', 'ffffffff'].map(imported));
  for (const text of ['one', 'two']) await say(id, text, { eventTimestamp: new Date(BEGINNING) });
  const order = await said(id);
  expect(order[0]).toBe('ffffffff');
  expect(order.filter((text) => text.length < 8)).toEqual(['two', 'one']);
});
