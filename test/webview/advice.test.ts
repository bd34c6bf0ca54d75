import { expect, test } from 'vitest';
import type { SessionStatus } from '../../src/shared/chat/session.ts';
import { failureAdvice } from '../../webview/turn/advice.ts';

const active: SessionStatus = { state: 'active' };
const ended = (reason: 'crashed' | 'start-failed'): SessionStatus => ({
  state: 'ended',
  reason,
  logTail: null,
});
const LOST = { name: 'BrokenAnswer', message: 'The answer broke off (aborted).' };

test.each([
  ['RetryableConflictException', 'Session operation in progress', /cannot take another operation/],
  ['BrokenAnswer', 'The answer broke off (aborted).', /the session is still running\. Retry/],
  ['Error', 'connect ECONNREFUSED 127.0.0.1:9310', /the session is still running\. Retry/],
  ['TimeoutError', 'socket', /the session is still running\. Retry/],
])('Advice is given for %s.', (name, message, advice) => {
  expect(failureAdvice({ name, message }, active)).toMatch(advice);
});

test('Advice mentions a running session only if its state is known.', () => {
  expect(failureAdvice(LOST, { state: 'unknown' })).toBe(
    'The connection was lost. Retry sends the message again under the same session ID.',
  );
  expect(failureAdvice(LOST, ended('crashed'))).toBe(
    'Retry sends the message to a new machine, without the memory of the old one.',
  );
  expect(failureAdvice(LOST, ended('start-failed'))).toBeNull();
});

test('Errors of the agent itself get no advice.', () => {
  expect(
    failureAdvice({ name: 'RuntimeClientError', message: 'no vector store' }, active),
  ).toBeNull();
  expect(failureAdvice({ name: 'ValueError', message: 'the ECONN rate' }, active)).toBeNull();
});
