import type { BrokenCode } from '../../../shared/chat/session.ts';
import type { TimelineEntry } from '../../../shared/session.ts';

/** What a session's timeline tells beside its states. */
export interface TimelineFacts {
  /** The last thing that was noted. */
  readonly note: string | null;
  /** Code that was changed and does not start. */
  readonly brokenCode: BrokenCode | null;
}

/** Of a session that has only begun. */
export const NO_TIMELINE_FACTS: TimelineFacts = { note: null, brokenCode: null };

/** What is told after one more entry. */
export function withTimelineEntry(told: TimelineFacts, entry: TimelineEntry): TimelineFacts {
  switch (entry.type) {
    case 'note':
      return { ...told, note: entry.message };
    case 'code': {
      const { file, problem } = entry;
      return { ...told, brokenCode: problem === null ? null : { file, why: problem } };
    }
    case 'state':
    case 'invocation':
    case 'call':
      return told;
  }
}
