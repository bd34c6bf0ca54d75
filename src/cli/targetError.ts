import { withoutToken } from '../shared/emulator.ts';

/** The target cannot be called or reached. The message includes the fix. */
export class TargetError extends Error {}

/** The error for an emulator that does not respond. */
export function unreachable(url: string, cause: string): TargetError {
  return new TargetError(
    `No emulator responds at ${withoutToken(url)} (${cause}). Start one with agentcore-emulator, or pass the URL of another with --endpoint URL.`,
  );
}
