import type { WaitingTask } from '../../../shared/chat/answer.ts';
import type { Opening, OpeningReason } from '../../../shared/chat/session.ts';
import type { Turn } from '../../../shared/chat/turn.ts';
import { wasRefused } from '../session/wasRefused.ts';

/**
 * By these the session is another. Within a session a machine may be another, too, but where the agent
 * keeps its tasks is its own affair: of one that is gone, it says so.
 */
const OTHER_SESSION: ReadonlySet<OpeningReason> = new Set<OpeningReason>([
  'new-session',
  'forked',
  'imported',
]);

/** What waits for the next words, after these turns and with what comes before those words. */
export function findWaitingTask(
  turns: readonly Turn[],
  opening: Opening | null,
): WaitingTask | null {
  if (opening && OTHER_SESSION.has(opening.why)) return null;
  const last = turns.at(-1);
  if (!last) return null;
  // An answer that never came to the agent leaves its task waiting.
  if (wasRefused(last)) return findWaitingTask(turns.slice(0, -1), last.opening);
  return last.waitingTask ?? null;
}
