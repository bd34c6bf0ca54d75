import { expect, test } from 'vitest';
import { parseMessage } from '../../../src/core/chat/parseMessage.ts';
import { viewMessage } from '../../../src/shared/schemas/viewMessage.ts';
import { useChatWithRegistry } from '../../support/localChat.ts';
import { createTestRegistry, fakeConnection } from '../../support/registry.ts';

test('an unexpected error of a handler fails the request and is logged', () => {
  const errors: string[] = [];
  const { view } = useChatWithRegistry(
    createTestRegistry({
      agents: [],
      connection: fakeConnection(() => expect.fail('no agent is listed')),
      status: { state: 'gone', why: 'it is stopped' },
      reconnect() {
        throw new TypeError('x is not a function');
      },
    }),
    { logger: { error: (message) => void errors.push(message) } },
  );
  view.send({ type: 'reconnect' });
  expect(view.state()!.problem).toBe('The request (reconnect) failed: x is not a function');
  expect(errors).toEqual([expect.stringMatching(/^chat: reconnect: TypeError: x is not.*\n +at /)]);
});

test.each([
  [{ type: 'tokens', agent: 'a', token: 'eyJsecret' }, /^Invalid chat message 'tokens': type: /],
  [{ type: 'token', agent: 1, token: 'eyJsecret' }, /^Invalid chat message 'token': agent: /],
  [{ type: 'attach', name: 'a', mediaType: '', data: 'eyJsecret!', thumbnail: null }, /: data: /],
  ['eyJsecret', /^Invalid chat message without a type: message: /],
])('an invalid message is reported by its type and field only: %j', (input, why) => {
  expect(() => parseMessage(viewMessage, input)).toThrow(why);
  expect(() => parseMessage(viewMessage, input)).not.toThrow(/eyJsecret/);
});
