import { expect, test } from 'vitest';
import { parseViewMessage } from '../../../src/core/chat/viewMessage.ts';
import { useChatOf } from '../../support/localChat.ts';
import { createTestRegistry, fakeConnection } from '../../support/registry.ts';

test('a bug of the host costs what was asked for: the view is told, and so is the log', () => {
  const errors: string[] = [];
  const { view } = useChatOf(
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
  [{ type: 'tokens', agent: 'a', token: 'eyJsecret' }, /^'tokens' is no message .*: type: /],
  [{ type: 'token', agent: 1, token: 'eyJsecret' }, /^'token' is no message .*: agent: /],
  [{ type: 'attach', name: 'a', mediaType: '', data: 'eyJsecret!', thumbnail: null }, /: data: /],
  ['eyJsecret', /^What has no type is no message .*: the message: /],
])(
  'of what is no message of a view nothing is said but its type and the field: %j',
  (input, why) => {
    expect(() => parseViewMessage(input)).toThrow(why);
    expect(() => parseViewMessage(input)).not.toThrow(/eyJsecret/);
  },
);
