import type { Sessions } from '../core/chat/session/sessionWatch.ts';
import type { Invoke } from '../core/chat/turnRunner.ts';
import { followSession } from '../core/emulator/followSession.ts';
import type { Speaker } from '../core/targets/protocols/protocol.ts';
import { createSpeaker } from '../core/targets/protocols/speakers.ts';
import type { ChatAgent } from '../shared/chat.ts';
import type { AgentSummary, RuntimeStatus } from '../shared/emulator.ts';
import { createTargetClient, type Target, type TargetClient } from './targetClient.ts';

/** The agents of an emulator that one can talk to, and the clients that call them. */
export interface LocalAgents {
  /** Known by their ARNs. */
  readonly agents: readonly ChatAgent[];
  readonly invoke: Invoke;
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
  const talking = (await listLocalAgents(url)).filter(({ status }) => INVOCABLE.has(status));
  const lines = new Map(
    talking.map(({ arn, protocol }) => {
      const client = createTargetClient({
        endpoint: url,
        region: arn.split(':')[3]!,
        credentials,
        runtimeArn: arn,
      });
      return [arn, { client, speakerFor: speakersOf(protocol, client) }];
    }),
  );
  return {
    agents: talking.map(({ arn, name, protocol }) => ({ id: arn, name, protocol })),
    invoke: ({ agent, actorId, ...question }, signal) =>
      lines.get(agent)!.speakerFor(actorId).ask(question, signal),
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

/** Talks for one actor at a time; what was agreed with an agent for one is no other's. */
function speakersOf(
  protocol: AgentSummary['protocol'],
  client: TargetClient,
): (actorId: string | null) => Speaker {
  let current: { readonly actorId: string | null; readonly speaker: Speaker } | null = null;
  return (actorId) => {
    if (current?.actorId !== actorId) {
      const calls: TargetClient = {
        ...client,
        invoke: (invocation, signal) =>
          client.invoke({ ...invocation, userId: actorId ?? undefined }, signal),
      };
      current = { actorId, speaker: createSpeaker(protocol, calls) };
    }
    return current.speaker;
  };
}

function runtimeIdOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
