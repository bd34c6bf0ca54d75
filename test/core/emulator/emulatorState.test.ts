import { expect, test } from 'vitest';
import { connectManagedEmulator } from '../../../src/core/emulator/managedEmulator.ts';
import {
  nextState,
  type EmulatorProcessEvent,
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
  startError: null,
  logTail: ['last words'],
} as const;
const killed = { ...exit, code: null, signal: 'SIGKILL' };

function after(...events: EmulatorProcessEvent[]): EmulatorState {
  return events.reduce(nextState, { status: 'stopped' });
}

test('an emulator that was asked to stop has not failed, even with a failing exit code', () => {
  expect(after(start, ready)).toEqual({ status: 'running', project, url });
  expect(after(start, ready, stop, killed)).toEqual({ status: 'stopped' });
  expect(after(start, stop, ready, exit)).toEqual({ status: 'stopped' });
});

test.each([
  ['exits before it is ready', [start, exit], 'it exited with code 1 before it was ready'],
  ['is killed', [start, ready, killed], 'it was ended by signal SIGKILL'],
  ['reports a start error', [start, { ...exit, startError: 'port 1 is taken' }], 'port 1 is taken'],
  ['is not ready in time', [start, overdue, ready, killed], 'it was not ready after 30 seconds'],
] as const)('an emulator that %s fails with the reason', (_, events, why) => {
  const state = after(...events);
  expect(state).toMatchObject({ status: 'failed', failure: { why, logTail: ['last words'] } });
  expect(nextState(state, start)).toEqual({ status: 'starting', project });
});

test('an attached emulator is not stopped, and its end is a failure', () => {
  const found = { type: 'found', url } as const;
  expect(after(start, found)).toEqual({ status: 'attached', project, url });
  expect(after(start, found, stop)).toEqual({ status: 'stopped' });
  expect(after(start, found, { ...exit, code: null })).toMatchObject({
    status: 'failed',
    failure: { why: 'it was stopped by the program that started it' },
  });
  expect(after(start, found, overdue).status).toBe('attached');
});

test('a timeout has no effect on an emulator that is ready or has failed', () => {
  expect(after(start, ready, overdue).status).toBe('running');
  expect(after(start, exit, overdue).status).toBe('failed');
});

test('a second start throws', () => {
  expect(() => after(start, start)).toThrow(
    "The emulator cannot handle 'start' while it is starting.",
  );
  expect(() => after(start, ready, stop, start)).toThrow('stopping');
});

function readStatus(state: EmulatorState) {
  return connectManagedEmulator(
    { state: () => state, client: () => null, onChange: () => () => {} },
    () => {},
  ).status();
}

test('the connection status has the reason as a sentence, then the log', () => {
  expect(readStatus(after(start, ready, killed))).toEqual({
    state: 'gone',
    why: 'It was ended by signal SIGKILL.\nlast words',
  });
  expect(readStatus(after(start, ready, stop, exit))).toEqual({
    state: 'gone',
    why: 'It is stopped.',
  });
});
