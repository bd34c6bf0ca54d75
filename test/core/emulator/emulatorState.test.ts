import { expect, test } from 'vitest';
import { connectManagedEmulator } from '../../../src/core/emulator/managedEmulator.ts';
import {
  next,
  type EmulatorHappening,
  type EmulatorState,
} from '../../../src/core/emulator/emulatorState.ts';

const project = '/project';
const url = 'http://127.0.0.1:1';
const start = { type: 'start', project } as const;
const ready = { type: 'ready', url } as const;
const stop = { type: 'stop' } as const;
const overdue = { type: 'overdue', seconds: 30 } as const;
const exit = {
  type: 'exit',
  code: 1,
  signal: null,
  complaint: null,
  logTail: ['last words'],
} as const;
const killed = { ...exit, code: null, signal: 'SIGKILL' };

function after(...happenings: EmulatorHappening[]): EmulatorState {
  return happenings.reduce(next, { status: 'stopped' });
}

test('an emulator that is stopped when it was asked to has not failed, however it exits', () => {
  expect(after(start, ready)).toEqual({ status: 'running', project, url });
  expect(after(start, ready, stop, killed)).toEqual({ status: 'stopped' });
  expect(after(start, stop, ready, exit)).toEqual({ status: 'stopped' });
});

test.each([
  ['does not get ready', [start, exit], 'it ended with exit code 1 before it was ready'],
  ['ends by itself', [start, ready, killed], 'it was ended by signal SIGKILL'],
  ['says why it cannot run', [start, { ...exit, complaint: 'port 1 is taken' }], 'port 1 is taken'],
  ['is ready too late', [start, overdue, ready, killed], 'it was not ready after 30 seconds'],
] as const)('an emulator that %s has failed with the reason', (_, happenings, why) => {
  const state = after(...happenings);
  expect(state).toMatchObject({ status: 'failed', failure: { why, logTail: ['last words'] } });
  expect(next(state, start)).toEqual({ status: 'starting', project });
});

test('one that somebody else started is left alone, and has failed when it ends', () => {
  const found = { type: 'found', url } as const;
  expect(after(start, found)).toEqual({ status: 'attached', project, url });
  expect(after(start, found, stop)).toEqual({ status: 'stopped' });
  expect(after(start, found, { ...exit, code: null })).toMatchObject({
    status: 'failed',
    failure: { why: 'it was ended where it had been started' },
  });
  expect(after(start, found, overdue).status).toBe('attached');
});

test('that it was slow is no news once it is ready or gone', () => {
  expect(after(start, ready, overdue).status).toBe('running');
  expect(after(start, exit, overdue).status).toBe('failed');
});

test('two emulators at once are a bug', () => {
  expect(() => after(start, start)).toThrow(
    "'start' cannot happen to an emulator that is starting",
  );
  expect(() => after(start, ready, stop, start)).toThrow('stopping');
});

function statusOf(state: EmulatorState) {
  return connectManagedEmulator(
    { state: () => state, onChange: () => () => {} },
    () => {},
  ).status();
}

test('the connection says why the emulator is gone, in a sentence and by its log', () => {
  expect(statusOf(after(start, ready, killed))).toEqual({
    state: 'gone',
    why: 'It was ended by signal SIGKILL.\nlast words',
  });
  expect(statusOf(after(start, ready, stop, exit))).toEqual({
    state: 'gone',
    why: 'It is stopped.',
  });
});
