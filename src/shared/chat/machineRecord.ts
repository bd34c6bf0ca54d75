import type { EndReason, LogLine, TimelineEntry } from '../session.ts';

/** Log and timeline of one run of a session. */
export interface MachineRecord {
  /** Numbers the session's runs: 1, 2, … */
  readonly run: number;
  /** ISO-8601, in virtual time like all times here. */
  readonly startedAt: string;
  /** Null while the run continues. */
  readonly reason: EndReason | null;
  /** The last lines. */
  readonly log: readonly LogLine[];
  readonly timeline: readonly TimelineEntry[];
}

/** Records of a session's latest runs. */
export interface MachineRecords {
  /** Oldest first. */
  readonly machines: readonly MachineRecord[];
  /** The lead of virtual time over real time. */
  readonly clockOffsetSeconds: number;
}
