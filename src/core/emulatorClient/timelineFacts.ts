import type { TimelineEntry } from '../../shared/session.ts';
import type { TimelineFacts } from '../agents/session.ts';

/** Maximum calls to keep. Each is reported to the chat when it ends, and again after a reconnection. */
const MAX_MODEL_CALLS = 1000;

/** The facts of a run after one more entry of its timeline. */
export function withTimelineEntry(facts: TimelineFacts, entry: TimelineEntry): TimelineFacts {
  switch (entry.type) {
    case 'note':
      return { ...facts, note: entry.message };
    case 'code': {
      const { file, problem } = entry;
      return { ...facts, brokenCode: problem === null ? null : { file, why: problem } };
    }
    case 'call': {
      const { requestId, time, model } = entry;
      if (!model) return facts;
      const calls = [...facts.modelCalls, { requestId, time, summary: model }];
      return { ...facts, modelCalls: calls.slice(-MAX_MODEL_CALLS) };
    }
    case 'state':
    case 'invocation':
      return facts;
  }
}
