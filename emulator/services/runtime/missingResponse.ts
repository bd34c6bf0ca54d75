import { agentFailed, WireError } from '../../wire/errors.ts';
import type { Session } from './session.ts';

/** Why an agent's answer did not come, with how its machine ended, if it did. */
export async function explainMissingResponse(
  session: Pick<Session, 'explainEnd'>,
  error: unknown,
): Promise<WireError> {
  // Whoever has said it in AWS's words knows better.
  if (error instanceof WireError) return error;
  return agentFailed(
    `The agent gave no answer (${(error as Error).message}): ${await session.explainEnd()}`,
  );
}
