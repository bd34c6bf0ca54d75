import { expect, test } from 'vitest';
import {
  NO_TIMELINE_FACTS,
  type ObservedModelCall,
  type SessionReading,
} from '../../../src/core/agents/session.ts';
import { findOpening, toSessionStatus } from '../../../src/core/chat/session/sessionStatus.ts';
import { createSessionWatch, NEW_SESSION } from '../../../src/core/chat/session/sessionWatch.ts';
import type { Opening } from '../../../src/shared/chat/session.ts';
import type { EndReason, SessionState, SessionSummary } from '../../../src/shared/session.ts';
import { exampleAgent, fakeConnection } from '../../support/registry.ts';
import { createModelCall } from '../../support/sampleTurns.ts';

function machine(startedAt: string, state: SessionState, reason: EndReason | null = null) {
  const summary: SessionSummary = {
    runtimeId: 'r',
    sessionId: 's',
    run: 1,
    qualifier: 'DEFAULT',
    version: '1',
    state,
    reason,
    startedAt,
    startDeadline: null,
    lastActivityAt: startedAt,
    idleDeadline: null,
    maxDeadline: startedAt,
    ping: null,
    compute: null,
    endpoint: null,
  };
  return summary;
}

const reading = (...runs: SessionSummary[]): SessionReading => ({
  runs,
  offsetSeconds: 0,
  logTail: null,
  facts: NO_TIMELINE_FACTS,
  servers: null,
});

function modelCall(requestId: string, at: number): ObservedModelCall {
  return {
    requestId,
    time: new Date(at).toISOString(),
    summary: createModelCall({ model: requestId }),
  };
}

const session = { target: exampleAgent('A').target, sessionId: 's', actorId: null };

/** Creates a watch; `report` passes a reading to it. */
function useWatch() {
  const opened: Opening[] = [];
  const called: [turn: string, model: string][] = [];
  let onReport: (reading: SessionReading | null) => void = () => {};
  const watch = createSessionWatch({
    connect: () => ({
      ...fakeConnection(() => expect.fail('nothing is sent')),
      followSession(_sessionId, onReading) {
        onReport = onReading;
        return () => {};
      },
    }),
    onChange: () => {},
    onOpened: (_turn, opening) => void opened.push(opening),
    onModelCall: (turn, { model }) => void called.push([turn, model]),
  });
  watch.follow(session, NEW_SESSION, null);
  return {
    watch,
    opened,
    called,
    report: (...runs: SessionSummary[]) => onReport(reading(...runs)),
    /** Reports a run whose calls the timeline has, with virtual time ahead of real time. */
    reportCalls(offsetSeconds: number, ...modelCalls: ObservedModelCall[]) {
      const facts = { ...NO_TIMELINE_FACTS, modelCalls };
      onReport({ ...reading(machine('1', 'active')), offsetSeconds, facts });
    },
  };
}

test('a run that is no longer listed ended with its emulator', () => {
  expect(toSessionStatus(reading(), '1')).toEqual({
    state: 'ended',
    reason: 'emulator-closed',
    logTail: null,
  });
  expect(findOpening(reading(), '1')).toEqual({ why: 'emulator-closed' });
  expect(toSessionStatus(reading(), null)).toEqual({ state: 'none' });
});

test('an unknown state neither ends nor starts a run', () => {
  expect(toSessionStatus(null, '1')).toEqual({ state: 'unknown' });
  expect(findOpening(null, '1')).toBeNull();
});

test('a reload during a turn opens that turn', () => {
  const { watch, opened, report } = useWatch();
  watch.turnStarted('t', 0);
  report(machine('1', 'active'));
  watch.turnEnded(false, 0);
  report(machine('1', 'idle'));
  watch.turnStarted('t', 0);
  report(machine('1', 'terminated', 'reloaded'));
  report(machine('1', 'terminated', 'reloaded'), machine('2', 'starting'));
  watch.turnEnded(false, 0);
  report(machine('1', 'terminated', 'reloaded'), machine('2', 'idle'));
  expect(opened).toEqual([{ why: 'reloaded' }]);
  expect(watch.opening()).toBeNull();
});

test('a run that another caller started opens the next turn', () => {
  const { watch, opened, report } = useWatch();
  watch.turnStarted('t', 0);
  report(machine('1', 'active'));
  watch.turnEnded(false, 0);
  report(machine('1', 'idle'));
  report(machine('1', 'terminated', 'stopped'), machine('2', 'active'));
  expect(watch.status()).toEqual({ state: 'active' });
  expect(watch.opening()).toEqual({ why: 'stopped' });
  expect(opened).toEqual([]);
});

test('an end that was shown before the turn is not repeated in it', () => {
  const { watch, opened, report } = useWatch();
  watch.turnStarted('t', 0);
  report(machine('1', 'active'));
  watch.turnEnded(false, 0);
  report(machine('1', 'terminated', 'crashed'));
  expect(watch.opening()).toEqual({ why: 'crashed' });
  watch.turnStarted('t', 0);
  report(machine('1', 'terminated', 'crashed'), machine('2', 'active'));
  expect(opened).toEqual([]);
  expect(watch.remembered().runStartedAt).toBe('2');
});

test('a run that another caller started belongs to the turn once it is invoked', () => {
  const { watch, opened, report } = useWatch();
  report(machine('1', 'idle'));
  watch.turnStarted('t', 0);
  report(machine('1', 'active'));
  watch.turnEnded(false, 0);
  report(machine('1', 'terminated', 'stopped'));
  expect(watch.opening()).toEqual({ why: 'stopped' });
  expect(opened).toEqual([]);
});

test('an opening is shown with its turn only', () => {
  const { watch, report } = useWatch();
  watch.follow(session, { runStartedAt: null, opening: { why: 'forked' } }, null);
  expect(watch.opening()).toEqual({ why: 'forked' });
  watch.turnStarted('t', 0);
  report(machine('1', 'active'));
  watch.turnEnded(false, 0);
  report(machine('1', 'idle'));
  expect(watch.opening()).toBeNull();
  expect(watch.remembered()).toEqual({ runStartedAt: '1', opening: null });
});

test('model calls belong to the turn in which they ended, each once', () => {
  const { watch, called, reportCalls } = useWatch();
  const [earlier, first, late] = [
    modelCall('earlier', 900_000),
    modelCall('first', 901_500),
    modelCall('late', 902_000),
  ];
  watch.turnStarted('t', 1000);
  reportCalls(900, earlier, first);
  watch.turnEnded(false, 2000);
  // A reconnection reads the whole timeline again.
  reportCalls(900, earlier, first, late);
  reportCalls(900, earlier, first, late, modelCall('background', 910_000));
  watch.turnStarted('u', 20_000);
  reportCalls(900, first, late, modelCall('second', 920_000));
  expect(called).toEqual([
    ['t', 'first'],
    ['t', 'late'],
    ['u', 'second'],
  ]);
});
