import { withoutToken } from '../shared/emulator.ts';

/** Nothing can be called or reached; the message says how to fix it. */
export class TargetError extends Error {}

/** The error for an emulator that does not answer. */
export function unreachable(url: string, cause: string): TargetError {
  return new TargetError(
    `No emulator answers at ${withoutToken(url)} (${cause}). Start one with agentcore-emulator, or name another with --endpoint URL.`,
  );
}
