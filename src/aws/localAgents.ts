import type { Sessions } from '../core/chat/session/sessionWatch.ts';
import type { Invoke } from '../core/chat/turns/turnRunner.ts';
import { followSession } from '../core/emulator/followSession.ts';
import { readMachineRecords } from '../core/emulator/machineRecords.ts';
import { createSpeakers } from '../core/targets/protocols/speakers.ts';
import type { Agents } from '../core/targets/targets.ts';
import type { ChatAgent } from '../shared/chat/agent.ts';
import type { AgentSummary, RuntimeStatus } from '../shared/emulator.ts';
import { readRuntimeArn, targetId } from '../shared/targets.ts';
import { createTargetClient, type Target } from './targetClient.ts';

/** The agents of an emulator that one can talk to, and the clients that call them. */
export interface LocalAgents {
  /** Each with every endpoint of its own. */
  readonly agents: readonly ChatAgent[];
  readonly invoke: Invoke;
  /** The tools that an agent of MCP has. */
  readonly tools: Agents['tools'];
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
  {
    credentials = ANY_CREDENTIALS,
    bearer = () => undefined,
  }: {
    readonly credentials?: Target['credentials'];
    /** The token for an agent that takes no signatures. */
    readonly bearer?: (agent: string) => string | undefined;
  } = {},
): Promise<LocalAgents> {
  const lines = new Map(
    (await listLocalAgents(url))
      .filter(({ status }) => INVOCABLE.has(status))
      .flatMap((agent) => agent.endpoints.map((endpoint) => lineTo(agent, endpoint.name))),
  );

  function lineTo({ arn, name, protocol, runtimeId }: AgentSummary, qualifier: string) {
    const isDefault = qualifier === 'DEFAULT';
    const id = isDefault ? arn : targetId({ arn, qualifier });
    const client = createTargetClient({
      endpoint: url,
      region: arn.split(':')[3]!,
      credentials,
      runtimeArn: arn,
      qualifier,
      bearer: () => bearer(id),
    });
    const agent: ChatAgent = {
      id,
      name: isDefault ? name : `${name} · ${qualifier}`,
      protocol,
      deployment: null,
    };
    const speakerFor = createSpeakers(protocol, client);
    return [id, { agent, client, speakerFor, runtimeId }] as const;
  }

  /** A conversation may outlive its agent, which was renamed or is another emulator's. */
  function line(agent: string) {
    const found = lines.get(agent);
    if (found) return found;
    const { name } = readRuntimeArn(agent.split('?')[0]!) ?? { name: agent };
    throw new Error(
      `The agent ${name} is not here any more; ${url} has none of this ARN: ${agent}`,
    );
  }

  return {
    agents: [...lines.values()].map(({ agent }) => agent),
    invoke: async ({ agent, ...question }, signal) =>
      line(agent).speakerFor(question).ask(question, signal),
    tools: async ({ agent, sessionId, actorId }, signal) => {
      const speaker = line(agent).speakerFor({ actorId, transport: 'http' });
      return (await speaker.tools?.(sessionId, signal)) ?? [];
    },
    sessions: {
      follow: ({ agent, sessionId }, onReading) =>
        followSession({ url, runtimeId: line(agent).runtimeId, sessionId, onReading }),
      machines: async ({ agent, sessionId }) =>
        readMachineRecords({ url, runtimeId: line(agent).runtimeId, sessionId }),
      stop: async ({ agent, sessionId }) => line(agent).client.stopSession(sessionId),
    },
    destroy() {
      for (const { client } of lines.values()) client.destroy();
    },
  };
}

/** Agents that are there as long as this program runs. */
export function alwaysThere({ agents, invoke, tools, sessions }: LocalAgents): Agents {
  return {
    source: { now: () => ({ connection: { state: 'ready' }, agents }), onChange: () => () => {} },
    invoke,
    tools,
    sessions,
  };
}
