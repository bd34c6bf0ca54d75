import type { TimelineEntry } from '../../shared/session.ts';
import type { TimelineFacts } from '../agents/session.ts';

/** The facts of a run after one more entry of its timeline. */
export function withTimelineEntry(facts: TimelineFacts, entry: TimelineEntry): TimelineFacts {
  switch (entry.type) {
    case 'note':
      return { ...facts, note: entry.message };
    case 'code': {
      const { file, problem } = entry;
      return { ...facts, brokenCode: problem === null ? null : { file, why: problem } };
    }
    case 'state':
    case 'invocation':
    case 'call':
      return facts;
  }
}
