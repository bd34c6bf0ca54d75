import { expect, test } from 'vitest';
import { operations } from '../../../emulator/wire/operations.ts';
import { breaches, type Breach } from './breaches.ts';
import { useWire } from './useWire.ts';

const byOperation = Map.groupBy(breaches(), ({ operation }): string => operation.name);

test('There are thousands of constraints, and every operation with input has some.', () => {
  const counts = Array.from(byOperation.values(), (breaches) => breaches.length);
  expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThan(4_500);
  expect([...operations.keys()].filter((name) => !byOperation.has(name))).toEqual([]);
});

test.for([...byOperation])('%s rejects every violation of the model.', async ([name, breaches]) => {
  const { send } = await useWire({ [name]: () => ({}) });
  for (const breach of breaches) {
    const message = sentence(breach);
    const error = await send(name, breach.input).catch((error: unknown) => error);
    expect.soft(error, `${breach.path}: ${breach.demand}`).toMatchObject({
      name: 'ValidationException',
      $metadata: { httpStatusCode: 400 },
      message: `1 validation error detected: ${message}`,
      reason: 'FieldValidationFailed',
      fieldList: [{ name: breach.path, message }],
    });
  }
});

function sentence({ value, secret, path, demand }: Breach): string {
  const subject = secret ? 'Value' : `Value ${quote(value)}`;
  return `${subject} at '${path}' failed to satisfy constraint: ${demand}`;
}

function quote(value: unknown): string {
  if (value === undefined) return 'null';
  const text = typeof value === 'string' ? value : JSON.stringify(value, toWire);
  return text.length > 300 ? `'${text.slice(0, 300)}…'` : `'${text}'`;
}

// The only times in what the table breaks are those that go as seconds since 1970.
function toWire(_: string, value: unknown): unknown {
  const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value);
  return isTime ? Date.parse(value) / 1000 : value;
}
