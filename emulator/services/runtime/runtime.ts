import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type {
  StopRuntimeSessionRequest,
  StopRuntimeSessionResponse,
} from '@aws-sdk/client-bedrock-agentcore';
import type { AgentSummary } from '../../../src/shared/emulator.ts';
import type { Clock } from '../../clock.ts';
import type { Compute, MachineIdentity, OnLine } from '../../compute/compute.ts';
import type { Events } from '../../events.ts';
import type { Logger } from '../../log.ts';
import type { EmulatorOptions } from '../../options.ts';
import { removeFolder } from '../../storage/removal.ts';
import type { Storage } from '../../storage/storage.ts';
import type { FindTagged } from '../tags/tags.ts';
import type { DemandSignature } from '../../wire/demandSignature.ts';
import type { Call, Emulations } from '../../wire/wire.ts';
import { codeOf, type AgentRuntime, type AgentSource } from './agents.ts';
import { createAccess, type Access } from './authorizers/access.ts';
import { watchCode } from './codeWatch.ts';
import { createRunCommand } from './commands/runCommand.ts';
import { openCatalogue } from './deployment/catalogue.ts';
import { createDeployment } from './deployment/deployment.ts';
import { createAgents } from './deployment/endpoints.ts';
import type { Place } from './deployment/names.ts';
import { registerProject } from './deployment/projectAgents.ts';
import { createInstance, type Address, type Instance } from './instance.ts';
import { createInstances } from './instances.ts';
import { createInvoke } from './invoke.ts';
import { limitsOf } from './limits.ts';
import { createGetAgentCard } from './protocols/agentCard.ts';
import { createProtocolDoor, type ProtocolDoor } from './protocols/door.ts';
import { protocols } from './protocols/protocols.ts';
import { createPingDoor, type PingDoor } from './pingDoor.ts';
import { createReload } from './reload.ts';
import { limitsWith } from './serviceLimits.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSessionStorage } from './sessionStorage.ts';
import { createShells } from './shells/shells.ts';
import { createWebSockets, type WebSockets } from './webSocket.ts';

/** AgentCore Runtime: the operations that reach agents, and the sessions that serve them. */
export interface Runtime {
  readonly operations: Emulations<Instance | null>;
  readonly findTagged: FindTagged;
  readonly pingDoor: PingDoor;
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
  readonly place: Place;
  readonly computes: Readonly<Record<MachineIdentity['kind'], Compute>>;
  readonly kindOf: (agent: AgentRuntime) => MachineIdentity['kind'];
  /** Throws where what was just deployed cannot be run as this emulator is told to run agents. */
  readonly refuse: (source: AgentSource) => void;
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
  const { place, computes, kindOf, clock, events, storage, logger, options } = surroundings;
  const { callersUrl, admit, demandSignature } = surroundings;
  const limits = limitsWith(options.limits);
  const { warm = 0, onChange = 'reload', pingInterval = 2, onDisconnect = 'continue' } = options;

  // We hold the data folder, so whatever instances are in it belong to an emulator that is gone.
  const folder = join(storage.folder, 'instances');
  await removeFolder(folder);

  const catalogue = openCatalogue(storage, place.account);
  registerProject(options.agents, { catalogue, clock, place, logger });
  const agents = createAgents(catalogue);

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
    warm: (agent) => (agents.isServed(agent) ? warm : 0),
    logger,
  });
  const sessions = createSessions(
    instances,
    { agents, onChange, most: limits.sessions },
    {
      clock,
      events,
      logger,
      limitsOf: ({ source }) => limitsOf(source.lifecycle, options),
      pingInterval: pingInterval * 1000,
      storage: sessionStorage,
    },
  );
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
    limits,
    demandSignature,
    isSessionOf: (caller, { agent, name }, id) =>
      sessions
        .all()
        .some(
          (session) =>
            session.instance === caller &&
            session.agent.id === agent.id &&
            session.qualifier === name &&
            session.id === id,
        ),
    hasToken: options.token !== undefined,
  });
  const deployment = createDeployment({
    catalogue,
    dataFolder: storage.folder,
    place,
    clock,
    logger,
    async prepare(id, source) {
      surroundings.refuse(source);
      const agent = { id, arn: '', account: place.account, version: '', source };
      const onLine: OnLine = (_, text) => logger.info(`${id} | ${text}`);
      return computes[kindOf(agent)].prepare(codeOf(agent), onLine);
    },
    onServed(changed) {
      for (const agent of changed) instances.keepWarm(agent);
    },
    retire(agent) {
      instances.retire(agent);
      reload.unfollow(agent);
    },
    endSessions: sessions.endDeleted,
    removeStorage: sessionStorage.removeOf,
  });

  return {
    operations: {
      ...deployment.operations,
      InvokeAgentRuntime: {
        handle: createInvoke({ access, sessions, clock, limits, onDisconnect }),
      },
      InvokeAgentRuntimeCommand: {
        handle: createRunCommand({ access, sessions, clock, onDisconnect }),
      },
      GetAgentCard: { handle: createGetAgentCard({ access, sessions, clock, limits }) },
      StopRuntimeSession: {
        async handle(
          input: StopRuntimeSessionRequest,
          call: Call<unknown>,
        ): Promise<StopRuntimeSessionResponse> {
          const endpoint = await access.admit(input, call, 'StopRuntimeSession');
          const runtimeSessionId = input.runtimeSessionId ?? '';
          await sessions.stop(endpoint, runtimeSessionId);
          return { runtimeSessionId, statusCode: 200 };
        },
      },
    },
    findTagged: deployment.findTagged,
    pingDoor: createPingDoor(sessions),
    webSockets: createWebSockets({
      access,
      sessions,
      shells: createShells(limits),
      clock,
      limits,
    }),
    access,
    protocolDoor: createProtocolDoor(agents),
    sessions,
    listAgents: () => agents.summaries(instances.warmth),
    isStorageKnown: sessionStorage.isKnown,
    open() {
      for (const agent of agents.current()) instances.keepWarm(agent);
      deployment.open();
    },
    async close() {
      await reload.close();
      await Promise.all([sessions.close(), instances.close()]);
      await deployment.close();
    },
  };
}

/** What an agent is told of the address by which its callers know it, if its protocol has a use for that. */
function whereaboutsOf({ arn, source }: AgentRuntime, callersUrl: string): Record<string, string> {
  const { addressVariable } = protocols[source.protocol];
  if (addressVariable === undefined) return {};
  return { [addressVariable]: `${callersUrl}/runtimes/${encodeURIComponent(arn)}/invocations/` };
}
