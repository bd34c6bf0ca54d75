import type { Prompt } from '../core/chat/host.ts';
import type { Answer } from '../core/invocation/answer.ts';
import type { Sessions } from '../core/chat/session/sessionWatch.ts';
import { followSession } from '../core/emulator/followSession.ts';
import { createSpeaker } from '../core/targets/protocols/speakers.ts';
import type { ChatAgent } from '../shared/chat.ts';
import type { AgentSummary, RuntimeStatus } from '../shared/emulator.ts';
import { createTargetClient, type Target } from './targetClient.ts';

/** The agents of an emulator that one can talk to, and the clients that call them. */
export interface LocalAgents {
  /** Known by their ARNs. */
  readonly agents: readonly ChatAgent[];
  readonly sessions: Sessions;
  invoke(prompt: Prompt, signal: AbortSignal): Promise<Answer>;
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
  const talking = (await listLocalAgents(url)).filter(({ status }) => INVOCABLE.has(status));
  const lines = new Map(
    talking.map(({ arn, protocol }) => {
      const client = createTargetClient({
        endpoint: url,
        region: arn.split(':')[3]!,
        credentials,
        runtimeArn: arn,
      });
      return [arn, { client, speaker: createSpeaker(protocol, client) }];
    }),
  );
  return {
    agents: talking.map(({ arn, name, protocol }) => ({ id: arn, name, protocol })),
    invoke: ({ agent, ...question }, signal) => lines.get(agent)!.speaker.ask(question, signal),
    sessions: {
      follow: ({ agent, sessionId }, onReading) =>
        followSession({ url, runtimeId: runtimeIdOf(agent), sessionId, onReading }),
      stop: ({ agent, sessionId }) => lines.get(agent)!.client.stopSession(sessionId),
    },
    destroy() {
      for (const { client } of lines.values()) client.destroy();
    },
  };
}

function runtimeIdOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
