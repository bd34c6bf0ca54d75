import { expect, test } from 'vitest';
import {
  stateDescription,
  formatTimeLeft,
  timelineText,
} from '../../webview/session/sessionText.ts';

const NOON = Date.parse('2030-01-01T12:00:00Z');
const after = (seconds: number) => new Date(NOON + seconds * 1000).toISOString();

test.each([
  [899.2, '15:00'],
  [65, '1:05'],
  [-3, '0:00'],
  [3600, '1 h 00 min'],
  [28_799, '7 h 59 min'],
])('%d seconds left are shown as %s.', (seconds, shown) => {
  expect(formatTimeLeft(after(seconds), NOON)).toBe(shown);
});

test('The idle timeout and the maximum lifetime have different texts.', () => {
  const describe = (limit: 'idle-timeout' | 'max-lifetime') =>
    stateDescription({ state: 'idle', endsAt: after(60), limit }, NOON);
  expect(describe('idle-timeout')).toMatch(/1:00 without activity/);
  expect(describe('max-lifetime')).toMatch(/1:00 \(maximum lifetime\)/);
});

test('An estimated state says what it is based on.', () => {
  const estimate = (basis: 'settings' | 'defaults') => ({ basis, maxEndsAt: after(7200) });
  const idle = { state: 'idle', endsAt: after(60), limit: 'idle-timeout' } as const;
  expect(stateDescription({ ...idle, estimate: estimate('settings') }, NOON)).toMatch(
    /in about 1:00 without .* in about 2 h 00 min at the latest .* this chat’s own turns and the runtime’s settings\./,
  );
  const ended = { state: 'ended', logTail: null, estimate: estimate('defaults') } as const;
  expect(stateDescription({ ...ended, reason: 'idle-timeout' }, NOON)).toMatch(
    /^Probably ended: .* AWS’s defaults, because the runtime’s settings could not be read\./,
  );
  expect(stateDescription({ ...ended, reason: 'stopped' }, NOON)).toBe('Ended: it was stopped.');
});

test.each([
  [200, 'Called GetMemory: 200'],
  [499, 'Called GetMemory, but disconnected before the response.'],
])('A call with the status %d is shown as %s', (status, shown) => {
  const call = { requestId: '1', operation: 'GetMemory', status };
  expect(timelineText({ time: after(0), type: 'call', ...call })).toBe(shown);
});
