import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentSummary, ClockReading } from '../src/shared/emulator.ts';
import { chooseCompute, refuseCompute } from './compute/choice.ts';
import { createContainerCompute, createEngineFinder } from './compute/container/container.ts';
import { createProcessCompute } from './compute/process/process.ts';
import { createConsole } from './admin/console.ts';
import { createPageDoor } from './admin/page.ts';
import { createEvents } from './events.ts';
import { createAddresses } from './http/addresses.ts';
import { openPort, type Port } from './http/port.ts';
import type { Logger } from './log.ts';
import { scopes } from './services/memory/deeds.ts';
import { createMemory, type Permit } from './services/memory/memory.ts';
import {
  demandContainers,
  findDefault,
  refuseContractPort,
  refuseLongIdling,
  refuseOpenHost,
  refuseUnverifiedCallers,
} from './optionRules.ts';
import type { EmulatorOptions } from './options.ts';
import { createGuard, type Guard } from './policy/guard.ts';
import { ACCOUNT, DEFAULT_REGION } from './place.ts';
import { createReception } from './reception.ts';
import type { AgentSource } from './services/runtime/agents.ts';
import { projectRuntimeId } from './services/runtime/deployment/names.ts';
import type { Instance } from './services/runtime/instance.ts';
import { createRuntime } from './services/runtime/runtime.ts';
import { limitsWith } from './services/runtime/serviceLimits.ts';
import { timestamp } from './services/runtime/timeline.ts';
import { sow } from './seed.ts';
import { removeFolder } from './storage/removal.ts';
import { openClock } from './storage/keptClock.ts';
import { openStorage } from './storage/storage.ts';
import { createDemandSignature } from './wire/demandSignature.ts';
import { signerOf } from './wire/signature.ts';
import { createTagOperations } from './services/tags/tags.ts';
import { createWire } from './wire/wire.ts';

/** A local AgentCore that runs. */
export interface Emulator {
  /** The endpoint to give to an AWS SDK. */
  readonly url: string;
  readonly agents: readonly AgentSummary[];
  readClock(): ClockReading;
  /** Ends every session and the port; nothing that it started is left. */
  close(): Promise<void>;
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Starts a local AgentCore: it serves when the promise resolves. */
export async function createEmulator(options: EmulatorOptions): Promise<Emulator> {
  const {
    host = '127.0.0.1',
    token = null,
    logger = silent,
    region = DEFAULT_REGION,
    version = '0.0.0',
  } = options;
  refuseOpenHost(host, token);
  refuseLongIdling(options);
  for (const source of options.agents) refuseCompute(options.compute, source);
  const kindOf = (source: AgentSource) => chooseCompute(options.compute, source);
  const inProcesses = options.agents.filter((source) => kindOf(source) === 'process');
  const engine = createEngineFinder(options.engine);
  if (options.compute === 'container') await demandContainers(engine);
  const defaultAgent = findDefault(options.agents, options.defaultAgent);
  refuseContractPort(options.port, inProcesses);
  refuseUnverifiedCallers(options);

  const ephemeral = options.dataFolder === undefined;
  const storage = openStorage(options.dataFolder ?? mkdtempSync(join(tmpdir(), 'agentcore-')));
  const { clock, saveClock, ...reset } = openClock(storage, logger, options.resetClock);
  const startedAt = clock.now();
  const guard = createGuard({
    sources: options.callers ?? [],
    keys: scopes,
    region,
    account: ACCOUNT,
    clock,
    logger,
  });
  const memory = createMemory<Instance | null>(
    {
      folder: storage.folder,
      clock,
      region,
      account: ACCOUNT,
      tokensAMinute: limitsWith(options.limits).extraction,
      extractionDelay: options.extractionDelay,
      logger,
    },
    guard && obey(guard),
  );
  await memory.declare(options.memories ?? []).catch(releaseAndThrow);
  if (options.seed !== undefined) {
    await sow(memory, options.seed, logger).catch(releaseAndThrow);
  }
  const events = createEvents();
  const addresses = createAddresses<Instance>();

  let url = '';
  let machinesUrl = '';
  const processes = createProcessCompute({
    dataFolder: storage.folder,
    emulatorUrl: () => machinesUrl,
    logger,
  });
  const containers = createContainerCompute({
    dataFolder: realpathSync(storage.folder),
    options: options.container ?? {},
    findEngine: engine.find,
    ownPort: () => port.number,
    openDoor: (address) => openContainerDoor(address),
    keepsStorage: !ephemeral,
    isStorageKnown: (id) => runtime.isStorageKnown(id),
    logger,
  });
  const demandSignature = createDemandSignature({ keys: options.accessKeys, region, clock });
  const runtime = await createRuntime({
    place: { region, account: ACCOUNT },
    computes: { process: processes, container: containers },
    kindOf: ({ source }) => kindOf(source),
    refuse(source) {
      refuseCompute(options.compute, source);
      if (kindOf(source) === 'process') refuseContractPort(port.number, [source]);
    },
    clock,
    events,
    storage,
    logger,
    callersUrl: () => machinesUrl,
    admit(instance, emulatorUrl) {
      const address = addresses.issue(instance);
      return {
        environment: {
          ...endpointVariables(`${emulatorUrl}/@${address}`, region),
          ...memory.variables,
        },
        revoke: () => addresses.revoke(address),
      };
    },
    demandSignature,
    options,
  });
  const emulations = {
    ...runtime.operations,
    ...memory.operations,
    ...createTagOperations([runtime.findTagged, memory.findTagged]),
  };
  const wire = createWire<Instance | null>({
    emulations,
    errorForm: runtime.protocolDoor.errorForm,
    demandSignature,
    logger,
    observe(outcome, caller) {
      caller?.record({ type: 'call', ...outcome });
    },
  });

  const readClock = (): ClockReading => ({
    now: timestamp(clock.now()),
    realNow: timestamp(clock.realNow()),
    offsetSeconds: clock.offset() / 1000,
    resetsAtNextStart: reset.isResetRequested(),
  });
  const console = createConsole({
    listAgents: runtime.listAgents,
    sessions: runtime.sessions,
    events,
    logger,
    emulations,
    memory,
    readClock,
    async advanceClock(seconds) {
      await clock.advance(seconds * 1000);
      saveClock();
      events.publish(() => ({ type: 'clock', clock: readClock() }));
    },
    resetClock() {
      reset.requestReset();
      events.publish(() => ({ type: 'clock', clock: readClock() }));
    },
    health: async () => ({
      status: 'ready',
      version,
      url,
      pid: process.pid,
      uptimeSeconds: (clock.now() - startedAt) / 1000,
      compute: { process: 'available', container: await engine.availability() },
    }),
  });

  function obey({ permit }: Guard): Permit<Instance | null> {
    return ({ action, keys }, resource, call) => {
      const { caller } = call;
      // A session is its agent; others are known by their keys, where signatures are verified.
      const who = caller
        ? { agent: caller.agent.source.name }
        : options.accessKeys && { accessKeyId: signerOf(call) };
      if (!who) return;
      permit(who, { action, resource, keys }, (why) => {
        logger.warn(why);
        caller?.record({ type: 'note', message: why });
      });
    };
  }

  const receiveBy = createReception({
    console,
    page: options.page && createPageDoor(options.page),
    wire,
    webSockets: runtime.webSockets,
    pingDoor: runtime.pingDoor,
    access: runtime.access,
    lead: runtime.protocolDoor.lead,
    defaultRuntime: () =>
      defaultAgent ? projectRuntimeId(defaultAgent) : runtime.listAgents()[0]?.runtimeId,
    token,
    logger,
    holderOf: addresses.holderOf,
  });

  const port = await openPort({ host, port: options.port ?? 9310 }, receiveBy('loopback')).catch(
    releaseAndThrow,
  );
  url = `http://${urlName(host)}:${port.number}${token === null ? '' : `/@${token}`}`;
  // Sessions have addresses of their own; the operator's token is none of their business.
  machinesUrl = `http://${urlName(reachable[host] ?? host)}:${port.number}`;

  storage.announce({ type: 'ready', url, pid: process.pid });

  async function releaseAndThrow(error: unknown): Promise<never> {
    await release();
    throw error;
  }

  async function release(): Promise<void> {
    clock.close();
    await memory.close();
    storage.close();
    if (ephemeral) await removeFolder(storage.folder);
  }

  // The number that the developer knows, if it is free at that address too.
  async function openContainerDoor(address: string): Promise<Port> {
    const listeners = receiveBy('containers');
    return openPort({ host: address, port: port.number }, listeners).catch(() =>
      openPort({ host: address, port: 0 }, listeners),
    );
  }

  if (inProcesses.length < options.agents.length) void containers.clearLeftovers();
  runtime.open();

  async function close(): Promise<void> {
    // Together: from now on container engines have a limited time for all that is to end.
    await Promise.all([runtime.close(), containers.close()]);
    await processes.close();
    await port.close();
    saveClock();
    await release();
  }
  let closing: Promise<void> | undefined;
  return { url, agents: runtime.listAgents(), readClock, close: () => (closing ??= close()) };
}

/** Who listens everywhere is reached from this machine by loopback. */
const reachable: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

function urlName(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

// By the variables that every AWS SDK reads, and by no other: a global endpoint would lead calls to
// S3 or STS here, and the Python SDK refuses its own variable for anything but AWS's hosts.
function endpointVariables(endpoint: string, region: string): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_BEDROCK_AGENTCORE: endpoint,
    AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL: endpoint,
  };
}
