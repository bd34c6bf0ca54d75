import type { Turn } from '../../src/shared/chat/turn.ts';

/** Finds the line of a program's output that explains its exit: the exception, else the last line. */
export function findHeadline(output: string): string {
  const lines = output.trim().split('\n');
  return (lines.findLast((line) => EXCEPTION.test(line)) ?? lines.at(-1)!).trim();
}

/** Start of an exception in Python or Node: `ModuleNotFoundError: …`, `TypeError [ERR_X]: …`. */
const EXCEPTION = /^(?:Uncaught )?[\w$.]*(?:Error|Exception)(?: \[\w+\])?(?::|$)/;

/** True if the failure of a turn already shows this output. */
export function isShownInTurn(turn: Turn | undefined, output: string): boolean {
  const { outcome } = turn ?? {};
  return outcome?.type === 'failed' && outcome.failure.message.includes(findHeadline(output));
}
