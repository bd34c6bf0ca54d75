import { expect, test } from 'vitest';
import { serverAgent, useAgent } from '../../support/agents.ts';
import { sessionId, useEmulator } from '../../support/emulator.ts';
import { useWire } from './useWire.ts';

const PATH = '/memories/Memory-0123456789/events';
const CONTENT = { text: 'hello' };
const event = (more: object, turn: object = {}) => ({
  actorId: 'actor',
  eventTimestamp: 1,
  payload: [{ conversational: { role: 'USER', content: CONTENT, ...turn } }],
  ...more,
});
const warning = (operation: string, names: string) =>
  `${operation}: Ignored members that AWS's model does not have: ${names}.`;

test('Unknown members of any depth are named in one warning and ignored.', async () => {
  let received: unknown;
  const { raw, log } = await useWire({
    CreateEvent(input) {
      received = input;
      return {};
    },
  });
  const body = JSON.stringify(event({ mood: 'happy' }, { tone: 'calm' }));
  expect(await raw('POST', `${PATH}?color=red&X-Amz-Date=now`, { body })).toMatchObject({
    status: 201,
  });
  const { memoryId, ...rest } = { memoryId: 'Memory-0123456789', ...event({}) };
  expect(received).toEqual({ memoryId, ...rest, eventTimestamp: new Date(1000) });
  const names = '"payload.1.member.conversational.tone", "mood", "color"';
  expect(log).toEqual([warning('CreateEvent', names)]);
});

test('Keys of maps and contents of documents are not members.', async () => {
  const { raw, log } = await useWire({ CreateEvent: () => ({}) });
  const more = { metadata: { topic: { stringValue: 'a' } }, payload: [{ blob: { any: [1] } }] };
  expect(await raw('POST', PATH, { body: JSON.stringify(event(more)) })).toMatchObject({
    status: 201,
  });
  expect(log).toEqual([]);
});

test('A warning names at most ten members, and only the beginning of a long one.', async () => {
  const { raw, log } = await useWire({ CreateEvent: () => ({}) });
  const unknown = Array.from({ length: 12 }, (_, index) => [`${index}\n`.padStart(120, 'x'), 1]);
  await raw('POST', PATH, { body: JSON.stringify(event(Object.fromEntries(unknown))) });
  const names = Array.from({ length: 10 }, () => `"${'x'.repeat(100)}"`).join(', ');
  expect(log).toEqual([warning('CreateEvent', `${names} and 2 more`)]);
});

test('Unknown members of an agent’s call are noted in its session’s timeline.', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') {
         const base = process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE;
         await fetch(base + '/memories/', { method: 'POST', body: '{"maxItems": 5}' });
         return json(response, {});
       }`,
    ),
  );
  const { invoke, admin, agent: runtime } = await useEmulator({ agents: [agent] });
  await invoke({ runtimeSessionId: sessionId('a') });
  const { timeline } = await admin<{ timeline: object[] }>(
    `/sessions/${runtime.runtimeId}/${sessionId('a')}/timeline`,
  );
  const message = warning('ListMemories', '"maxItems"');
  expect(timeline).toContainEqual({ type: 'note', time: expect.any(String), message });
});
