import { expect, test } from 'vitest';
import { exportFrom, importInto } from '../../../support/lines.ts';
import { BEGINNING, here, useMemory, type TestMemory } from '../../../support/memory.ts';

const blob =
  '{"id":12345678901234567890,"low":-9007199254740993,"fine":0.12345678901234567891,"far":1e999,"near":-2.5E-999,"n":1.5,"t":"12345678901234567890"}';

/** As other languages write it and read it: JavaScript has no such numbers. */
async function send({ url }: TestMemory['emulator'], path: string, body: string) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url + path, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

test('numbers of a payload that JavaScript would round come back as they were written', async () => {
  const { emulator, create } = await useMemory();
  const { id } = await create();
  const { status, text } = await send(
    emulator,
    `/memories/${id}/events`,
    JSON.stringify({ ...here, eventTimestamp: BEGINNING / 1_000, payload: [{ blob: 0 }] }).replace(
      '"blob":0',
      `"blob":${blob}`,
    ),
  );
  expect({ status, text }).toMatchObject({ status: 201, text: expect.stringContaining(blob) });
  const list = `/memories/${id}/actor/${here.actorId}/sessions/${here.sessionId}`;
  expect((await send(emulator, list, '{}')).text).toContain(blob);

  const lines = await exportFrom(emulator);
  expect(lines).toContain(blob);
  const other = await useMemory();
  expect(await importInto(other.emulator, lines)).toMatchObject({ added: { events: 1 } });
  expect((await send(other.emulator, list, '{}')).text).toContain(blob);
});

test('where another number is meant, a large one is held to its bounds', async () => {
  const { emulator, create } = await useMemory();
  const { id } = await create();
  const list = `/memories/${id}/actor/${here.actorId}/sessions/${here.sessionId}`;
  const answer = await send(emulator, list, '{"maxResults":12345678901234567890}');
  expect(answer).toMatchObject({
    status: 400,
    text: expect.stringMatching(/maxResults.*less than or equal to 100/),
  });
  const { status } = await send(emulator, list, '12345678901234567890');
  expect(status).toBe(400);
});
