import type { Clock } from '../../clock.ts';
import { readTextPrefix, sendRequest, type AgentConnection } from './agentConnection.ts';
import type { SessionLog } from './sessionLog.ts';

/** Seconds in which AWS's warm-up hook must complete. */
const WARM_UP_SECONDS = 120;

/** Limit on the part of an error response that is quoted. */
const MAX_QUOTED_BYTES = 2_048;

/** Sends the warm-up hook's POST to an agent once. Rejects with the reason if it fails. */
export async function warmUp(
  connection: AgentConnection,
  path: string,
  {
    clock,
    output,
    signal,
  }: {
    readonly clock: Pick<Clock, 'now' | 'at'>;
    readonly output: Pick<SessionLog, 'quoteTail'>;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const limit = new AbortController();
  const cancelLimit = clock.at(clock.now() + WARM_UP_SECONDS * 1000, () => limit.abort());
  try {
    const response = await sendRequest(connection, {
      method: 'POST',
      path,
      signal: AbortSignal.any([limit.signal, signal]),
    });
    const { status } = response;
    const body = await readTextPrefix(response, MAX_QUOTED_BYTES);
    if (status >= 200 && status <= 299) return;
    const quoted = body === '' ? ' without a body' : `: ${body}`;
    throw new Error(`it returned status ${status}${quoted}`);
  } catch (error) {
    const reason = limit.signal.aborted
      ? `it did not complete within ${WARM_UP_SECONDS} s`
      : (error as Error).message;
    throw new Error(`The warm-up hook failed: POST ${path}: ${reason}.${output.quoteTail()}`, {
      cause: error,
    });
  } finally {
    cancelLimit();
  }
}
