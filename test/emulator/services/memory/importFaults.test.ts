import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useFolder } from '../../../support/agents.ts';
import { exportFrom, importInto } from '../../../support/lines.ts';
import { BEGINNING, here, useMemory } from '../../../support/memory.ts';

const memory = { type: 'memory', name: 'Notes', eventExpiryDuration: 30 };
const event = {
  type: 'event',
  memory: 'Notes',
  ...here,
  eventTimestamp: new Date(BEGINNING),
  payload: [{ conversational: { role: 'USER', content: { text: 'hello' } } }],
};
const record = { type: 'record', memory: 'Notes', content: { text: 'a' }, namespaces: ['/a/'] };

const ownStrategy = { ...memory, name: 'Two', strategies: [{ name: 'A', namespaces: ['/'] }] };
const ofType = (type: string) => ({
  ...ownStrategy,
  strategies: [{ ...ownStrategy.strategies[0], type }],
});

const strategyOf = (name: string, strategyId?: string) => ({
  name,
  type: 'SEMANTIC',
  namespaces: ['/'],
  ...(strategyId !== undefined && { strategyId }),
});
const ofStrategies = (...names: string[]) => ({
  ...ownStrategy,
  strategies: names.map((name) => strategyOf(name)),
});

const wrong = {
  'half an object': ['{"type":"event",', /is no JSON: .*each line is one record/],
  'a list': ['[]', /\[\] is no object/],
  'an unknown type': [{ ...event, type: 'note' }, /type: "note" is none of memory, session, event/],
  'an unknown field': [{ ...event, actor: 'ana' }, /actor: a line .* has no such field; .*actorId/],
  'an unknown memory': [{ ...event, memory: 'X' }, /memory: there is no memory 'X', .* are Notes/],
  'a number for text': [{ ...event, actorId: 7 }, /actorId: 7 is no text/],
  'a long session': [{ ...event, sessionId: 's'.repeat(101) }, /'sessionId' failed .*equal to 100/],
  seconds: [{ ...event, eventTimestamp: 1767225600 }, /eventTimestamp: 1767225600 .*2026-01-31/],
  'a wrong event id': [{ ...event, eventId: '1#a' }, /eventId: "1#a" .*0000001767225600000#/],
  'a wrong role': [
    { ...event, payload: [{ conversational: { role: 'user', content: { text: 'a' } } }] },
    /role' failed to satisfy .*\[ASSISTANT, /,
  ],
  'a large payload': [
    { ...event, payload: [{ blob: 'x'.repeat(1e7) }] },
    /payload: has 100000\d\d/,
  ],
  'a branch from nowhere': [{ ...event, branch: { name: 'b' } }, /branch.rootEventId is missing/],
  'a root of main': [
    { ...event, branch: { name: 'main', rootEventId: '1#a' } },
    /branch.rootEventId: '1#a' is given for main/,
  ],
  'a wrong record id': [{ ...record, memoryRecordId: 'mem-1' }, /memoryRecordId: "mem-1" .*leave/],
  'a wrong strategy': [{ ...record, memoryStrategyId: 'F' }, /memoryStrategyId: 'F' .*it has none/],
  'two namespaces': [{ ...record, namespaces: ['a', 'b'] }, /'namespaces' failed/],
  'a wrong insight': [{ ...record, insight: 'x' }, /insight: "x" is no object/],
  'a short expiry': [{ ...memory, eventExpiryDuration: 1 }, /Value '1' at 'eventExpiryDuration'/],
  'a wrong memory id': [{ ...memory, id: 'me' }, /id: "me" is no memory's/],
  'a strategy without a type': [ownStrategy, /'strategies.1.member.type' .*must not be null/],
  'a strategy of no type': [ofType('SELF'), /strategies: the type of A, SELF, is none .* SEMANTIC/],
  'two strategies of one name': [
    ofStrategies('A', 'B', 'A'),
    /strategies: two strategies are named A/,
  ],
  'seven strategies': [
    ofStrategies('A', 'B', 'C', 'D', 'E', 'F', 'G'),
    /strategies: a memory has 6 .* at most, not 7/,
  ],
  'two strategies of one id': [
    { ...ownStrategy, strategies: ['A', 'B'].map((name) => strategyOf(name, 'A-0123456789')) },
    /strategies: two strategies have the strategyId A-0123456789/,
  ],
  'a label that is not indexed': [
    {
      ...ownStrategy,
      strategies: [
        {
          ...strategyOf('A'),
          memoryRecordSchema: {
            metadataSchema: [{ key: 'k', extractionType: 'STRICTLY_CONSISTENT' }],
          },
        },
      ],
    },
    /'k' is STRICTLY_CONSISTENT, so the memory's indexedKeys/,
  ],
  'a tag of AWS’s': [{ ...memory, name: 'Two', tags: { 'aws:a': 'b' } }, /aws:a/],
  'an override of no type': [ofType('CUSTOM'), /strategies: the type of A, CUSTOM, is none/],
} as const;

test('where one line is wrong nothing is taken in, and it is said why', async () => {
  const { emulator } = await useMemory();
  const lines = [memory, event].map((one) => JSON.stringify(one)).join('\r\n\r\n');
  for (const [what, [line, why]] of Object.entries(wrong)) {
    const text = typeof line === 'string' ? line : JSON.stringify(line);
    const { status, message } = await importInto(emulator, `\uFEFF${lines}\n${text}\n`);
    const refused = expect.stringMatching(new RegExp(`^line 4: .*${why.source}`)) as string;
    expect.soft({ what, status, message }).toEqual({ what, status: 400, message: refused });
    expect(await exportFrom(emulator)).toBe('');
  }
});

test('a memory’s id is not another’s', async () => {
  const { emulator, create } = await useMemory();
  const { id } = await create();
  const { message } = await importInto(emulator, [{ ...memory, name: 'Other', id }]);
  expect(message).toBe(
    `line 1: id: '${id}' is the memory Notes here; leave it out and one is made`,
  );
});

test('what is no text is said to be that', async () => {
  const { emulator } = await useMemory();
  const body = new Blob([Buffer.from(JSON.stringify(memory), 'utf16le'), '\n']);
  const response = await fetch(`${emulator.url}/_emulator/memories`, { method: 'POST', body });
  expect(await response.json()).toMatchObject({ message: expect.stringMatching(/^line 1: /) });
});

test('a seed is remembered before anybody asks, and one that is wrong stops the start', async () => {
  const seed = join(await useFolder(), 'seed.jsonl');
  await writeFile(seed, [memory, event].map((one) => JSON.stringify(one)).join('\n'));
  const { emulator } = await useMemory({ seed });
  expect(await exportFrom(emulator)).toMatch(/hello/);
  await writeFile(seed, '{"type":"nothing"}');
  await expect(useMemory({ seed })).rejects.toThrow(`seed: ${seed}: line 1: type: "nothing"`);
  await expect(useMemory({ seed: `${seed}.gone` })).rejects.toThrow(/seed: cannot read .*ENOENT/);
});
