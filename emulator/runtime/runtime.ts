import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type {
  StopRuntimeSessionRequest,
  StopRuntimeSessionResponse,
} from '@aws-sdk/client-bedrock-agentcore';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import type { Clock } from '../clock.ts';
import type { Compute, MachineIdentity } from '../compute/compute.ts';
import type { Events } from '../events.ts';
import type { Logger } from '../log.ts';
import type { EmulatorOptions } from '../options.ts';
import { removeFolder } from '../storage/removal.ts';
import type { Storage } from '../storage/storage.ts';
import type { DemandSignature } from '../wire/demandSignature.ts';
import type { Call, Emulations } from '../wire/wire.ts';
import type { AgentRuntime, Agents } from './agents.ts';
import { createAccess, type Access } from './authorisers/access.ts';
import { watchCode } from './codeWatch.ts';
import { createRunCommand } from './commands/runCommand.ts';
import { createInstance, type Address, type Instance } from './instance.ts';
import { createInstances } from './instances.ts';
import { createInvoke } from './invoke.ts';
import { limitsOf } from './limits.ts';
import { createGetAgentCard } from './protocols/agentCard.ts';
import { createProtocolDoor, type ProtocolDoor } from './protocols/door.ts';
import { protocols } from './protocols/protocols.ts';
import { createReload } from './reload.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSessionStorage } from './sessionStorage.ts';
import { createWebSockets, type WebSockets } from './webSocket.ts';

/** AgentCore Runtime: the operations that reach agents, and the sessions that serve them. */
export interface Runtime {
  readonly operations: Emulations<Instance | null>;
  readonly webSockets: WebSockets;
  readonly access: Access;
  readonly protocolDoor: ProtocolDoor;
  readonly sessions: Sessions;
  listAgents(): AgentSummary[];
  /** Whether a session storage is one of ours. */
  isStorageKnown(id: string): boolean;
  /** From now on machines may be made that call the emulator. */
  open(): void;
  /** Ends every session, and what waits for one. */
  close(): Promise<void>;
}

/** What the runtime is made in. */
export interface RuntimeSurroundings {
  readonly agents: Agents;
  readonly computes: Readonly<Record<MachineIdentity['kind'], Compute>>;
  readonly kindOf: (agent: AgentRuntime) => MachineIdentity['kind'];
  readonly clock: Clock;
  readonly events: Events;
  readonly storage: Storage;
  readonly logger: Logger;
  /** Where those who call agents reach the emulator. */
  readonly callersUrl: () => string;
  /** Gives an instance an address of its own. */
  readonly admit: (instance: Instance, emulatorUrl: string) => Address;
  readonly demandSignature: DemandSignature;
  readonly options: EmulatorOptions;
}

/** No session lives yet. */
export async function createRuntime(surroundings: RuntimeSurroundings): Promise<Runtime> {
  const { agents, computes, kindOf, clock, events, storage, logger, options } = surroundings;
  const { callersUrl, admit, demandSignature } = surroundings;
  const { warm = 0, onChange = 'reload', pingInterval = 2, onDisconnect = 'continue' } = options;

  // We hold the data folder, so whatever instances are in it belong to an emulator that is gone.
  const folder = join(storage.folder, 'instances');
  await removeFolder(folder);

  const sessionStorage = createSessionStorage({ storage, clock, computes, kindOf, logger });
  const instances = createInstances({
    make(agent, ofSession) {
      const instance = createInstance(agent, {
        compute: computes[kindOf(agent)],
        clock,
        storage: ofSession,
        whereabouts: whereaboutsOf(agent, callersUrl()),
        folder: join(folder, agent.id, randomUUID().slice(0, 8)),
        admit,
      });
      reload.follow(agent, instance);
      return instance;
    },
    storage: sessionStorage,
    warm,
    logger,
  });
  const sessions = createSessions(instances, onChange, {
    clock,
    events,
    logger,
    limitsOf: ({ source }) => limitsOf(source.lifecycle, options),
    pingInterval: pingInterval * 1000,
    storage: sessionStorage,
  });
  const reload = createReload({
    sessions,
    instances,
    isWanted: (agent) => warm > 0 || (onChange === 'reload' && sessions.live(agent).length > 0),
    watch: (agent, listener, idle) =>
      watchCode(agent, listener, {
        dataFolder: storage.folder,
        since: clock.realNow(),
        idle,
        logger,
      }),
    logger,
  });

  const access = createAccess({
    agents,
    clock,
    demandSignature,
    hasToken: options.token !== undefined,
  });

  return {
    operations: {
      InvokeAgentRuntime: {
        lacks: 'named endpoints, time limits',
        handle: createInvoke({ access, sessions, onDisconnect }),
      },
      InvokeAgentRuntimeCommand: {
        lacks: 'named endpoints',
        handle: createRunCommand({ access, sessions, clock, onDisconnect }),
      },
      GetAgentCard: { handle: createGetAgentCard({ access, sessions }) },
      StopRuntimeSession: {
        async handle(
          input: StopRuntimeSessionRequest,
          call: Call<unknown>,
        ): Promise<StopRuntimeSessionResponse> {
          const endpoint = await access.admit(input, call);
          const runtimeSessionId = input.runtimeSessionId ?? '';
          await sessions.stop(endpoint, runtimeSessionId);
          return { runtimeSessionId, statusCode: 200 };
        },
      },
    },
    webSockets: createWebSockets({ access, sessions }),
    access,
    protocolDoor: createProtocolDoor(agents),
    sessions,
    listAgents: () => agents.summaries(instances.warmth),
    isStorageKnown: sessionStorage.isKnown,
    open() {
      for (const agent of agents.all) instances.keepWarm(agent);
    },
    async close() {
      await reload.close();
      await Promise.all([sessions.close(), instances.close()]);
    },
  };
}

/** What an agent is told of the address by which its callers know it, if its protocol has a use for that. */
function whereaboutsOf({ arn, source }: AgentRuntime, callersUrl: string): Record<string, string> {
  const { addressVariable } = protocols[source.protocol];
  if (addressVariable === undefined) return {};
  return { [addressVariable]: `${callersUrl}/runtimes/${encodeURIComponent(arn)}/invocations/` };
}
