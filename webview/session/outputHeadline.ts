import type { Turn } from '../../src/shared/chat/turn.ts';

/** The line of what a program printed that says why it ended: its exception's, else its last. */
export function findHeadline(printed: string): string {
  const lines = printed.trim().split('\n');
  return (lines.findLast((line) => EXCEPTION.test(line)) ?? lines.at(-1)!).trim();
}

/** As Python and Node begin it: `ModuleNotFoundError: …`, `TypeError [ERR_INVALID_ARG_TYPE]: …`. */
const EXCEPTION = /^(?:Uncaught )?[\w$.]*(?:Error|Exception)(?: \[\w+\])?(?::|$)/;

/** Whether a turn has failed with what was printed last, so that it stands there already. */
export function isShownInTurn(turn: Turn | undefined, printed: string): boolean {
  const { outcome } = turn ?? {};
  return outcome?.type === 'failed' && outcome.failure.message.includes(findHeadline(printed));
}
