import type { WaitingTask } from '../../../shared/chat/answer.ts';
import type { Opening, OpeningReason } from '../../../shared/chat/session.ts';
import type { Turn } from '../../../shared/chat/turn.ts';
import { wasRefused } from '../session/wasRefused.ts';

/**
 * Openings of another session. A new run of the same session may still have the task, because the
 * agent decides where it keeps tasks and rejects one that it has lost.
 */
const OTHER_SESSION: ReadonlySet<OpeningReason> = new Set<OpeningReason>([
  'new-session',
  'forked',
  'imported',
]);

/** The task that waits for the next prompt, after these turns and with this opening. */
export function findWaitingTask(
  turns: readonly Turn[],
  opening: Opening | null,
): WaitingTask | null {
  if (opening && OTHER_SESSION.has(opening.why)) return null;
  const last = turns.at(-1);
  if (!last) return null;
  // A prompt that never reached the agent leaves the task waiting.
  if (wasRefused(last)) return findWaitingTask(turns.slice(0, -1), last.opening);
  return last.waitingTask ?? null;
}
