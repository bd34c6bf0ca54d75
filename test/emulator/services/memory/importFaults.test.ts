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

const memoryWithStrategy = {
  ...memory,
  name: 'Two',
  strategies: [{ name: 'A', namespaces: ['/'] }],
};
const withStrategyType = (type: string) => ({
  ...memoryWithStrategy,
  strategies: [{ ...memoryWithStrategy.strategies[0], type }],
});

const namedStrategy = (name: string, strategyId?: string) => ({
  name,
  type: 'SEMANTIC',
  namespaces: ['/'],
  ...(strategyId !== undefined && { strategyId }),
});
const withStrategies = (...names: string[]) => ({
  ...memoryWithStrategy,
  strategies: names.map((name) => namedStrategy(name)),
});

const invalidLines = {
  'half an object': ['{"type":"event",', /not valid JSON: .*Each line must be one JSON object/],
  'a list': ['[]', /\[\] is not an object/],
  'an unknown type': [
    { ...event, type: 'note' },
    /type: "note" is not one of memory, session, event/,
  ],
  'an unknown field': [
    { ...event, actor: 'ana' },
    /actor: a line .* has no such field\. Fields: .*actorId/,
  ],
  'an unknown memory': [{ ...event, memory: 'X' }, /memory: memory 'X' does not exist .*: Notes/],
  'a number for text': [{ ...event, actorId: 7 }, /actorId: expected a non-empty string, got 7/],
  'a long session': [{ ...event, sessionId: 's'.repeat(101) }, /'sessionId' failed .*equal to 100/],
  seconds: [
    { ...event, eventTimestamp: 1767225600 },
    /eventTimestamp: .*2026-01-31.* got 1767225600/,
  ],
  'a wrong event id': [{ ...event, eventId: '1#a' }, /eventId: "1#a" .*0000001767225600000#/],
  'a wrong role': [
    { ...event, payload: [{ conversational: { role: 'user', content: { text: 'a' } } }] },
    /role' failed to satisfy .*\[ASSISTANT, /,
  ],
  'a large payload': [
    { ...event, payload: [{ blob: 'x'.repeat(1e7) }] },
    /payload: 100000\d\d bytes/,
  ],
  'a branch from nowhere': [{ ...event, branch: { name: 'b' } }, /branch.rootEventId is missing/],
  'a root of main': [
    { ...event, branch: { name: 'main', rootEventId: '1#a' } },
    /branch.rootEventId: main starts with the session/,
  ],
  'a wrong record id': [{ ...record, memoryRecordId: 'mem-1' }, /memoryRecordId: "mem-1" .*Omit/],
  'a wrong strategy': [
    { ...record, memoryStrategyId: 'F' },
    /memoryStrategyId: strategy 'F' .*Strategies: none/,
  ],
  'two namespaces': [{ ...record, namespaces: ['a', 'b'] }, /'namespaces' failed/],
  'a wrong insight': [{ ...record, insight: 'x' }, /insight: "x" is not an object/],
  'a short expiry': [{ ...memory, eventExpiryDuration: 1 }, /Value '1' at 'eventExpiryDuration'/],
  'a wrong memory id': [{ ...memory, id: 'me' }, /id: "me" is not a memory id/],
  'a strategy without a type': [
    memoryWithStrategy,
    /'strategies.1.member.type' .*must not be null/,
  ],
  'a strategy of an unknown type': [
    withStrategyType('SELF'),
    /'SELF' at 'strategies.1.member.type' .* enum value set: \[SEMANTIC, /,
  ],
  'two strategies with the same name': [
    withStrategies('A', 'B', 'A'),
    /strategies: Duplicate memory strategy names were provided: \[A\]/,
  ],
  'two strategies of a type': [
    withStrategies('A', 'B'),
    /strategies: Only one strategy of each type is allowed/,
  ],
  'two strategies with the same id': [
    {
      ...memoryWithStrategy,
      strategies: ['A', 'B'].map((name) => namedStrategy(name, 'A-0123456789')),
    },
    /strategies: Two strategies have the strategyId A-0123456789/,
  ],
  'a label that is not indexed': [
    {
      ...memoryWithStrategy,
      strategies: [
        {
          ...namedStrategy('A'),
          memoryRecordSchema: {
            metadataSchema: [{ key: 'k', extractionType: 'STRICTLY_CONSISTENT' }],
          },
        },
      ],
    },
    /'k' is STRICTLY_CONSISTENT. Add it to the memory's indexedKeys/,
  ],
  'a tag reserved for AWS': [{ ...memory, name: 'Two', tags: { 'aws:a': 'b' } }, /aws:a/],
  'an override of an unknown type': [
    withStrategyType('CUSTOM'),
    /strategies: strategy A has the type CUSTOM, which is not emulated/,
  ],
} as const;

test('An import with an invalid line adds nothing and names the problem.', async () => {
  const { emulator } = await useMemory();
  const lines = [memory, event].map((one) => JSON.stringify(one)).join('\r\n\r\n');
  for (const [problem, [line, why]] of Object.entries(invalidLines)) {
    const text = typeof line === 'string' ? line : JSON.stringify(line);
    const { status, message } = await importInto(emulator, `\uFEFF${lines}\n${text}\n`);
    const rejection = expect.stringMatching(new RegExp(`^line 4: .*${why.source}`)) as string;
    expect.soft({ problem, status, message }).toEqual({ problem, status: 400, message: rejection });
    expect(await exportFrom(emulator)).toBe('');
  }
});

test('An import cannot reuse the id of another memory.', async () => {
  const { emulator, create } = await useMemory();
  const { id } = await create();
  const { message } = await importInto(emulator, [{ ...memory, name: 'Other', id }]);
  expect(message).toBe(
    `line 1: id: '${id}' already belongs to memory Notes. Omit it to create one.`,
  );
});

test('A file that is not UTF-8 is rejected.', async () => {
  const { emulator } = await useMemory();
  const body = new Blob([Buffer.from(JSON.stringify(memory), 'utf16le'), '\n']);
  const response = await fetch(`${emulator.url}/_emulator/memories`, { method: 'POST', body });
  expect(await response.json()).toMatchObject({ message: expect.stringMatching(/^line 1: /) });
});

test('A seed is imported before the first request, and an invalid seed stops the start.', async () => {
  const seed = join(await useFolder(), 'seed.jsonl');
  await writeFile(seed, [memory, event].map((one) => JSON.stringify(one)).join('\n'));
  const { emulator } = await useMemory({ seed });
  expect(await exportFrom(emulator)).toMatch(/hello/);
  await writeFile(seed, '{"type":"nothing"}');
  await expect(useMemory({ seed })).rejects.toThrow(`seed: ${seed}: line 1: type: "nothing"`);
  await expect(useMemory({ seed: `${seed}.gone` })).rejects.toThrow(/seed: cannot read .*ENOENT/);
});
