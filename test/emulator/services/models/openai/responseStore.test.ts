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

test('The oldest responses are removed when there are too many.', () => {
  const store = createResponseStore({ items: 2, bytes: 1_000_000 });
  for (const id of ['a', 'b', 'c']) store.add(null, id, response(id));
  expect(found(store, ['a', 'b', 'c'])).toEqual(['b', 'c']);
});

test('When responses are too large, the oldest are removed, but never the newest.', () => {
  const store = createResponseStore({ items: 10, bytes: 1000 });
  store.add(null, 'a', response('a', 400));
  store.add(null, 'b', response('b', 400));
  store.add(null, 'c', response('c', 400));
  expect(found(store, ['a', 'b', 'c'])).not.toContain('a');
  store.add(null, 'd', response('d', 5000));
  expect(found(store, ['a', 'b', 'c', 'd'])).toEqual(['d']);
  store.add(null, 'e', response('e'));
  expect(found(store, ['d', 'e'])).toEqual(['e']);
});
