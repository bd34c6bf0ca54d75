import { isDeepStrictEqual } from 'node:util';
import type { Sessions } from '../core/chat/session/sessionWatch.ts';
import type { Invoke } from '../core/chat/turns/turnRunner.ts';
import { followSession } from '../core/emulator/followSession.ts';
import { readMachineRecords } from '../core/emulator/machineRecords.ts';
import { createEmitter, type Subscribe } from '../core/emitter.ts';
import { createProtocolClients } from '../core/targets/protocols/protocolClients.ts';
import type { Agents } from '../core/targets/targets.ts';
import type { ChatAgent } from '../shared/chat/agent.ts';
import { withoutToken, type AgentSummary, type RuntimeStatus } from '../shared/emulator.ts';
import { readRuntimeArn, targetId } from '../shared/targets.ts';
import { createTargetClient, type Target } from './targetClient.ts';

/** The agents of an emulator that one can talk to, and the clients that call them. */
export interface LocalAgents {
  /** Each with every endpoint of its own, as there were when it was looked last. */
  readonly agents: () => readonly ChatAgent[];
  readonly onChange: Subscribe;
  /** Looks whether there are others by now, or other versions. */
  look(): Promise<void>;
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
  const followers = createEmitter();
  /** Those of agents that have gone stay: what runs there ends by itself. */
  const lines = new Map<string, ReturnType<typeof lineTo>>();
  let agents = readAgents(await listLocalAgents(url));

  function readAgents(summaries: readonly AgentSummary[]): readonly ChatAgent[] {
    return summaries
      .filter(({ status }) => INVOCABLE.has(status))
      .flatMap((summary) =>
        summary.endpoints.map((endpoint) => {
          const agent = agentAt(summary, endpoint);
          if (!lines.has(agent.id)) lines.set(agent.id, lineTo(agent.id, summary, endpoint.name));
          return agent;
        }),
      );
  }

  function lineTo(id: string, { arn, protocol, runtimeId }: AgentSummary, qualifier: string) {
    const client = createTargetClient({
      endpoint: url,
      region: arn.split(':')[3]!,
      credentials,
      runtimeArn: arn,
      qualifier,
      bearer: () => bearer(id),
    });
    return { client, speakerFor: createProtocolClients(protocol, client), runtimeId };
  }

  /** A conversation may outlive its agent, which was renamed or is another emulator's. */
  function line(agent: string) {
    const found = lines.get(agent);
    if (found) return found;
    const { name } = readRuntimeArn(agent.split('?')[0]!) ?? { name: agent };
    throw new Error(
      `The agent ${name} is not here any more; ${withoutToken(url)} has none of this ARN: ${agent}`,
    );
  }

  return {
    agents: () => agents,
    onChange: followers.subscribe,
    async look() {
      const now = readAgents(await listLocalAgents(url));
      if (isDeepStrictEqual(now, agents)) return;
      agents = now;
      followers.emit();
    },
    invoke: async ({ agent, ...question }, signal) =>
      line(agent).speakerFor(question).send(question, signal),
    tools: async ({ agent, sessionId, actorId }, signal) => {
      const speaker = line(agent).speakerFor({ actorId, transport: 'http' });
      return (await speaker.listTools?.(sessionId, signal)) ?? [];
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

/** An agent by one of its endpoints, of which is said which version it leads to where they differ. */
function agentAt(
  { arn, name, protocol, endpoints }: AgentSummary,
  { name: qualifier, version }: AgentSummary['endpoints'][number],
): ChatAgent {
  const isDefault = qualifier === 'DEFAULT';
  const areOne = endpoints.every((other) => other.version === version);
  return {
    id: isDefault ? arn : targetId({ arn, qualifier }),
    name: `${name}${isDefault ? '' : ` · ${qualifier}`}${areOne ? '' : ` (version ${version})`}`,
    protocol,
    deployment: null,
  };
}

/** Agents that are there as long as this program runs. */
export function alwaysThere(local: LocalAgents): Agents {
  const { agents, onChange, look, invoke, tools, sessions } = local;
  return {
    source: { now: () => ({ connection: { state: 'ready' }, agents: agents() }), onChange, look },
    invoke,
    tools,
    sessions,
  };
}
