import { withoutToken } from '../shared/emulator.ts';

/** The target cannot be called or reached. The message includes the fix. */
export class TargetError extends Error {}

/** The error for an emulator that does not respond. */
export function unreachable(url: string, cause: string): TargetError {
  return new TargetError(
    `No emulator responds at ${withoutToken(url)} (${cause}). Start one with agentcore-emulator, or pass the URL of another with --endpoint URL.`,
  );
}

/** The error for an emulator that answers with an error, such as that its token is missing. */
export function refused(url: string, why: string): TargetError {
  return new TargetError(
    `The emulator at ${withoutToken(url)} refused the request: ${why}. With --endpoint, the token is part of the URL: http://127.0.0.1:9310/@TOKEN.`,
  );
}
