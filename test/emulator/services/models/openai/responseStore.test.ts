import { expect, test } from 'vitest';
import {
  createResponseStore,
  type StoredResponse,
} from '../../../../../emulator/services/models/openai/responseStore.ts';

function response(id: string, bytes = 0): StoredResponse {
  const source = { type: 'bytes' as const, bytes: new Uint8Array(bytes) };
  const content = [{ type: 'media' as const, kind: 'image' as const, mimeType: null, source }];
  return {
    reply: { id } as StoredResponse['reply'],
    turns: { system: [], messages: [{ role: 'user', content }] },
  };
}

function found(store: ReturnType<typeof createResponseStore>, ids: readonly string[]): string[] {
  return ids.filter((id) => store.find(null, id));
}

test('The oldest responses are forgotten when there are too many.', () => {
  const store = createResponseStore({ responses: 2, bytes: 1_000_000 });
  for (const id of ['a', 'b', 'c']) store.add(null, response(id));
  expect(found(store, ['a', 'b', 'c'])).toEqual(['b', 'c']);
});

test('The oldest responses are forgotten when all are too large, but not the newest.', () => {
  const store = createResponseStore({ responses: 10, bytes: 1000 });
  store.add(null, response('a', 400));
  store.add(null, response('b', 400));
  store.add(null, response('c', 400));
  expect(found(store, ['a', 'b', 'c'])).not.toContain('a');
  store.add(null, response('d', 5000));
  expect(found(store, ['a', 'b', 'c', 'd'])).toEqual(['d']);
  store.add(null, response('e'));
  expect(found(store, ['d', 'e'])).toEqual(['e']);
});
