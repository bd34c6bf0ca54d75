import { expect, test } from 'vitest';
import { adviceOn } from '../../webview/advice.ts';

test.each([
  ['RetryableConflictException', 'Session operation in progress', /takes one thing at a time/],
  ['BrokenAnswer', 'The answer broke off (aborted).', /the session is kept: Retry/],
  ['Error', 'connect ECONNREFUSED 127.0.0.1:9310', /the session is kept: Retry/],
  ['TimeoutError', 'socket', /the session is kept: Retry/],
])('of %s is said what can be done', (name, message, advice) => {
  expect(adviceOn({ name, message })).toMatch(advice);
});

test('what an agent fails with is left to its own words', () => {
  expect(adviceOn({ name: 'RuntimeClientError', message: 'no vector store' })).toBeNull();
  expect(adviceOn({ name: 'ValueError', message: 'the ECONN rate' })).toBeNull();
});
