import type { EndReason, LogLine, TimelineEntry } from '../session.ts';

/** What is kept of one machine of a session. */
export interface MachineRecord {
  /** Counts the session's machines: 1, 2, … */
  readonly run: number;
  /** ISO-8601, in virtual time like all times in here. */
  readonly startedAt: string;
  /** Null as long as it lives. */
  readonly reason: EndReason | null;
  /** Its last lines. */
  readonly log: readonly LogLine[];
  readonly timeline: readonly TimelineEntry[];
}
