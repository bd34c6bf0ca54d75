import { agentFailed, WireError } from '../../wire/errors.ts';
import type { Session } from './session.ts';

/** Explains why the agent did not respond, including how its machine ended. */
export async function explainMissingResponse(
  session: Pick<Session, 'explainEnd'>,
  error: unknown,
): Promise<WireError> {
  // A WireError already has AWS's message.
  if (error instanceof WireError) return error;
  return agentFailed(
    `The agent did not respond (${(error as Error).message}). ${await session.explainEnd()}`,
  );
}
