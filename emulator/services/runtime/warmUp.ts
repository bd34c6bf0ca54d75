import type { Clock } from '../../clock.ts';
import {
  connectToAgent,
  readTextPrefix,
  sendRequest,
  type AgentConnection,
} from './agentConnection.ts';
import type { SessionLog } from './sessionLog.ts';
import type { StartedAgent } from './startAgent.ts';

/** Seconds in which AWS's warm-up hook must complete. */
export const WARM_UP_SECONDS = 120;

/** Limit on the part of an error response that is quoted. */
const MAX_QUOTED_BYTES = 2_048;

/** The request of a warm-up hook. Without a port, it goes to the agent's port. */
interface WarmUpHook {
  readonly path: string;
  readonly port: number | undefined;
}

/** Sends the warm-up hook's POST to an agent once. Rejects with the reason if it fails. */
export async function warmUp(
  started: StartedAgent,
  { path, port }: WarmUpHook,
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
  let connection: AgentConnection | null = null;
  try {
    connection = await connect(started, port);
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
    const place = port === undefined ? path : `:${port}${path}`;
    throw new Error(`The warm-up hook failed: POST ${place}: ${reason}.${output.quoteTail()}`, {
      cause: error,
    });
  } finally {
    cancelLimit();
    if (connection !== started.connection) void connection?.pool.destroy();
  }
}

async function connect(
  { connection, machine }: StartedAgent,
  port: number | undefined,
): Promise<AgentConnection> {
  if (port === undefined) return connection;
  const realPort = await machine.findPort(port);
  if (realPort === connection.port) return connection;
  if (realPort === null) {
    throw new Error(
      `nothing listens on port ${port}. Start the hook's server before /ping is healthy`,
    );
  }
  return connectToAgent(Promise.resolve(realPort), connection.pingTimeout);
}
