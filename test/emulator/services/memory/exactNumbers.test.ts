import { expect, test } from 'vitest';
import { exportFrom, importInto } from '../../../support/lines.ts';
import { BEGINNING, here, useMemory, type TestMemory } from '../../../support/memory.ts';

const blob =
  '{"id":12345678901234567890,"low":-9007199254740993,"fine":0.12345678901234567891,"far":1e999,"near":-2.5E-999,"n":1.5,"t":"12345678901234567890"}';

/** Sends and reads raw JSON, because JavaScript cannot represent these numbers. */
async function send({ url }: TestMemory['emulator'], path: string, body: string) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url + path, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

test('Numbers in a payload keep their exact digits.', async () => {
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

test('A large number outside a payload is validated against its limits.', async () => {
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
