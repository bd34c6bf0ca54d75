import type { Answer } from '../core/invocation/answer.ts';
import type { Sessions } from '../core/chat/session/sessionWatch.ts';
import { followSession } from '../core/emulator/followSession.ts';
import { promptOf } from '../core/invocation/payload.ts';
import type { ChatAgent } from '../shared/chat.ts';
import type { AgentSummary, RuntimeStatus } from '../shared/emulator.ts';
import { createTargetClient, type Target } from './targetClient.ts';

/** The agents of an emulator that one can talk to, and the clients that call them. */
export interface LocalAgents {
  /** Known by their ARNs. */
  readonly agents: readonly ChatAgent[];
  invoke(
    prompt: { readonly agent: string; readonly sessionId: string; readonly text: string },
    signal: AbortSignal,
  ): Promise<Answer>;
  readonly sessions: Sessions;
  destroy(): void;
}

/** What will do where signatures are not verified. */
export const ANY_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Which agents the emulator at this address has; rejects with its reason where it does not say. */
export async function listLocalAgents(url: string): Promise<AgentSummary[]> {
  const response = await fetch(`${url}/_emulator/agents`);
  const { agents, message } = (await response.json()) as Partial<{
    agents: AgentSummary[];
    message: string;
  }>;
  if (agents) return agents;
  throw new Error(message ?? `it answered ${response.status} without any agents`);
}

/** What runs, whatever became of a later version. */
const INVOCABLE: ReadonlySet<RuntimeStatus> = new Set(['READY', 'UPDATING', 'UPDATE_FAILED']);

/** Asks the emulator at this address for its agents; they are called as all do, by the AWS SDK. */
export async function connectLocalAgents(
  url: string,
  credentials: Target['credentials'] = ANY_CREDENTIALS,
): Promise<LocalAgents> {
  const inHttp = (await listLocalAgents(url)).filter(
    ({ protocol, status }) => protocol === 'HTTP' && INVOCABLE.has(status),
  );
  const clients = new Map(
    inHttp.map(({ arn }) => [
      arn,
      createTargetClient({
        endpoint: url,
        region: arn.split(':')[3]!,
        credentials,
        runtimeArn: arn,
      }),
    ]),
  );
  return {
    agents: inHttp.map(({ arn, name }) => ({ id: arn, name })),
    invoke: ({ agent, sessionId, text }, signal) =>
      clients.get(agent)!.invoke({ sessionId, payload: promptOf(text) }, signal),
    sessions: {
      follow: ({ agent, sessionId }, onReading) =>
        followSession({ url, runtimeId: runtimeIdOf(agent), sessionId, onReading }),
      stop: ({ agent, sessionId }) => clients.get(agent)!.stopSession(sessionId),
    },
    destroy() {
      for (const client of clients.values()) client.destroy();
    },
  };
}

function runtimeIdOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
