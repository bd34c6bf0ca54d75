import { createBacklog } from '../../../src/shared/backlog.ts';
import type { LogLine } from '../../../src/shared/session.ts';
import { MAX_TIMELINE_ENTRIES } from './timeline.ts';

/** The time limit of the first healthy ping, or of the warm-up hook. */
export interface StartLimit {
  /** The deadline, in milliseconds of the clock. */
  readonly at: number;
  readonly seconds: number;
}

/** Receives what an instance reports to its session. */
export interface InstanceReports {
  addLogLine(line: LogLine): void;
  /** Adds a note to the timeline and a warning to the log. */
  warn(problem: string): void;
  /** Called when its machine is being created, and before its warm-up hook. */
  setStartDeadline(limit: StartLimit): void;
  /** Reports an unhealthy ping. */
  reportPingProblem(problem: string): void;
}

/** The latest reports of an instance that has no session yet. */
export interface EarlyReports extends InstanceReports {
  sendTo(session: InstanceReports): void;
}

/** Characters of output that are buffered until the instance has a session. */
const MAX_EARLY_CHARACTERS = 1_000_000;

/** Creates an empty buffer of reports, with the limits of a session's output and timeline. */
export function createEarlyReports(): EarlyReports {
  const lines = createBacklog<LogLine>(MAX_EARLY_CHARACTERS, ({ text }) => text.length);
  const notes: { readonly report: 'warn' | 'reportPingProblem'; readonly problem: string }[] = [];
  let startDeadline: StartLimit | null = null;

  function addNote(report: 'warn' | 'reportPingProblem', problem: string): void {
    notes.push({ report, problem });
    if (notes.length > MAX_TIMELINE_ENTRIES) notes.shift();
  }

  return {
    addLogLine: lines.add,
    warn: (problem) => addNote('warn', problem),
    reportPingProblem: (problem) => addNote('reportPingProblem', problem),
    setStartDeadline: (limit) => void (startDeadline = limit),
    sendTo(session) {
      if (startDeadline !== null) session.setStartDeadline(startDeadline);
      for (const { report, problem } of notes.splice(0)) session[report](problem);
      const { items, dropped } = lines.take();
      const [first] = items;
      if (first && dropped > 0) {
        session.addLogLine({ ...first, text: `… ${dropped} lines dropped` });
      }
      for (const line of items) session.addLogLine(line);
    },
  };
}
