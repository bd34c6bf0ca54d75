import { expect, test } from 'vitest';
import {
  createEarlyReports,
  type InstanceReports,
} from '../../../../emulator/services/runtime/instanceReports.ts';

/** Records the reports that a session gets. */
function recordReports() {
  const received: unknown[] = [];
  const session: InstanceReports = {
    addLogLine: ({ text }) => received.push(text),
    warn: (problem) => received.push(problem),
    reportPingProblem: (problem) => received.push(`ping: ${problem}`),
    setStartDeadline: ({ at }) => received.push(at),
  };
  return { received, session };
}

const line = (text: string) => ({ time: '', stream: 'stdout', text }) as const;

test('A session gets the early reports of its instance once: deadline, notes and output', () => {
  const { received, session } = recordReports();
  const early = createEarlyReports();
  early.addLogLine(line('loading'));
  early.warn('no disk');
  early.setStartDeadline({ at: 120, seconds: 60 });
  early.reportPingProblem('no answer');
  early.sendTo(session);
  expect(received).toEqual([120, 'no disk', 'ping: no answer', 'loading']);
});

test('A waiting instance keeps its start deadline and its latest thousand notes', () => {
  const { received, session } = recordReports();
  const early = createEarlyReports();
  early.setStartDeadline({ at: 120, seconds: 60 });
  for (let note = 1; note <= 600; note += 1) {
    early.warn(`${note}`);
    early.reportPingProblem(`${note}`);
  }
  early.sendTo(session);
  expect(received).toHaveLength(1_001);
  expect(received.slice(0, 2)).toEqual([120, '101']);
  expect(received.at(-1)).toBe('ping: 600');
});

test('A waiting instance keeps its latest megabyte of output and says how much it dropped', () => {
  const { received, session } = recordReports();
  const early = createEarlyReports();
  for (let count = 0; count < 4; count += 1) early.addLogLine(line(`${count}`.repeat(300_000)));
  early.sendTo(session);
  expect(received.map((text) => String(text).slice(0, 20))).toEqual([
    '… 2 lines dropped',
    '2'.repeat(20),
    '3'.repeat(20),
  ]);
});
