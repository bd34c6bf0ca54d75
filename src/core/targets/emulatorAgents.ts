import { isDeepStrictEqual } from 'node:util';
import type { Agent, Connection } from '../../shared/agent.ts';
import {
  withoutToken,
  type AgentProtocol,
  type AgentSummary,
  type RuntimeStatus,
} from '../../shared/emulator.ts';
import { parseRuntimeArn, targetId } from '../../shared/target.ts';
import type { TargetClient } from '../agents/invocation.ts';
import type { TargetConnection } from '../agents/targetConnection.ts';
import type { EmulatorAgents } from '../agents/agentRegistry.ts';
import { createEmitter } from '../emitter.ts';
import type { EmulatorClient } from '../emulatorClient/emulatorClient.ts';
import type { EmulatorConnection } from '../emulatorClient/emulatorConnection.ts';
import { readMachineRecords } from '../emulatorClient/machineRecords.ts';
import { readSessionModels } from '../emulatorClient/sessionModels.ts';
import type { OpenClient } from './openClient.ts';
import { createProtocolClient } from './protocols/protocolClients.ts';

/** Statuses of a runtime that has a version to invoke. */
const INVOCABLE: ReadonlySet<RuntimeStatus> = new Set(['READY', 'UPDATING', 'UPDATE_FAILED']);

/** An agent of the running emulator, with its target and client. */
interface OpenAgent {
  readonly protocol: AgentProtocol;
  readonly calls: TargetClient;
  readonly connection: TargetConnection;
}

/** Dependencies of the agents of an emulator. */
export interface EmulatorAgentsOptions {
  readonly emulator: EmulatorConnection;
  readonly openClient: OpenClient;
  readonly logger: { warn(message: string): void };
}

/** Lists the agents of an emulator while it runs, each once per endpoint. */
export function createEmulatorAgents({
  emulator,
  openClient,
  logger,
}: EmulatorAgentsOptions): EmulatorAgents {
  const { subscribe, emit } = createEmitter();
  /**
   * The list that was read last. It is kept after the emulator stops, so that a conversation keeps its agent.
   */
  let agents: readonly Agent[] = [];
  /** The emulator that `agents` was read from, while it runs. */
  let source: EmulatorClient | null = null;
  let problem: string | null = null;
  /** Agents of `source`, including deleted ones, whose calls may still run. */
  const open = new Map<string, OpenAgent>();

  function reset(): void {
    for (const { calls } of open.values()) calls.destroy();
    open.clear();
    [source, problem] = [null, null];
  }

  function openAgent(
    client: EmulatorClient,
    { target }: Agent,
    // Only the client knows the URL's token: targets reach views and stored conversations.
    calls = openClient({ ...target, endpoint: client.admin.url }),
  ): OpenAgent {
    const { protocol, runtimeArn } = target;
    const { runtimeId } = parseRuntimeArn(runtimeArn)!;
    return {
      protocol,
      calls,
      connection: {
        createClient: (options) => createProtocolClient(protocol, calls, options),
        followSession: (sessionId, onReading) =>
          client.sessions.follow({ runtimeId, sessionId }, onReading),
        readMachines: (sessionId) => readMachineRecords(client.admin, { runtimeId, sessionId }),
        readModels: (sessionId) => readSessionModels(client.admin, { runtimeId, sessionId }),
        async chooseModel(sessionId, model) {
          await client.admin.chooseModel(model, { runtimeId, sessionId });
        },
        stopSession: calls.stopSession,
      },
    };
  }

  async function read(client: EmulatorClient): Promise<void> {
    const next = toAgents(client.admin.url, await client.admin.agents());
    if (emulator.client() !== client) return;
    for (const agent of next) {
      const current = open.get(agent.id);
      // A version of the runtime may have another protocol. Nothing else of a target can change.
      if (current?.protocol === agent.target.protocol) continue;
      open.set(agent.id, openAgent(client, agent, current?.calls));
    }
    if (source === client && isDeepStrictEqual(next, agents)) return;
    [agents, source, problem] = [next, client, null];
    emit();
  }

  async function load(): Promise<void> {
    reset();
    emit();
    const client = emulator.client();
    if (client === null) return;
    try {
      await read(client);
    } catch (error) {
      // An emulator that stopped meanwhile reports that itself.
      if (emulator.client() !== client) return;
      problem = `Cannot read the emulator’s agents: ${(error as Error).message}`;
      logger.warn(problem);
      emit();
    }
  }

  const unsubscribe = emulator.onChange(() => void load());
  void load();

  return {
    agents: () => agents,
    onChange: subscribe,
    connection(): Connection {
      const status = emulator.status();
      if (status.state !== 'ready' || source !== null) return status;
      return problem === null ? { state: 'starting' } : { state: 'gone', why: problem };
    },
    connect(agent) {
      const opened = open.get(agent);
      if (opened) return opened.connection;
      if (!agents.some(({ id }) => id === agent)) return null;
      throw new Error('The local AgentCore is not running. Start it and try again.');
    },
    reconnect() {
      if (problem === null) emulator.reconnect();
      else void load();
    },
    async refresh() {
      const client = emulator.client();
      if (client !== null) await read(client);
    },
    close() {
      unsubscribe();
      reset();
    },
  };
}

function toAgents(url: string, summaries: readonly AgentSummary[]): readonly Agent[] {
  return summaries
    .filter(({ status }) => INVOCABLE.has(status))
    .flatMap((summary) => summary.endpoints.map((endpoint) => toAgent(url, summary, endpoint)));
}

/** An agent at one of its endpoints. Its name has the version if the endpoints have different ones. */
function toAgent(
  url: string,
  { arn, name, protocol, endpoints }: AgentSummary,
  { name: qualifier, version }: AgentSummary['endpoints'][number],
): Agent {
  const endpointName = qualifier === 'DEFAULT' ? '' : ` · ${qualifier}`;
  const isOnlyVersion = endpoints.every((other) => other.version === version);
  return {
    id: targetId({ runtimeArn: arn, qualifier }),
    name: `${name}${endpointName}${isOnlyVersion ? '' : ` (version ${version})`}`,
    target: {
      endpoint: withoutToken(url),
      region: parseRuntimeArn(arn)!.region,
      runtimeArn: arn,
      qualifier,
      protocol,
      authorization: 'signature',
    },
  };
}
