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
  ['RetryableConflictException', 'Session operation in progress', /takes one thing at a time/],
  ['BrokenAnswer', 'The answer broke off (aborted).', /the session is kept: Retry/],
  ['Error', 'connect ECONNREFUSED 127.0.0.1:9310', /the session is kept: Retry/],
  ['TimeoutError', 'socket', /the session is kept: Retry/],
])('of %s is said what can be done', (name, message, advice) => {
  expect(failureAdvice({ name, message }, active)).toMatch(advice);
});

test('that the session is kept is said only where it is known to live', () => {
  expect(failureAdvice(LOST, { state: 'unknown' })).toBe(
    'The connection was lost. Retry asks the same again, under the same session id.',
  );
  expect(failureAdvice(LOST, ended('crashed'))).toBe(
    'Retry asks it on a fresh machine, which has forgotten everything.',
  );
  expect(failureAdvice(LOST, ended('start-failed'))).toBeNull();
});

test('what an agent fails with is left to its own words', () => {
  expect(
    failureAdvice({ name: 'RuntimeClientError', message: 'no vector store' }, active),
  ).toBeNull();
  expect(failureAdvice({ name: 'ValueError', message: 'the ECONN rate' }, active)).toBeNull();
});
